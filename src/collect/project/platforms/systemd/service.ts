import path from 'node:path';
import type { Declared } from '../../../../evidence/declared.ts';
import type { Workload } from '../../../../evidence/workload.ts';
import { splitWords, unquote } from '../../../../text/shell-words.ts';
import { unknownValue, withoutUndefined } from '../../declared.ts';
import { bounded, splitAssignment } from '../../files/text.ts';
import { inspectCommand, inspectFile, type Secrets } from '../../secrets/literal-secrets.ts';
import { recordEnvironment } from '../environment.ts';
import { declaredText } from '../values.ts';
import { readUnitFile, Section, type Setting } from './unit-file.ts';

/**
 * Reads a service unit with its drop-ins (systemd.service(5), systemd.exec(5), systemd.resource-control(5)).
 *
 * @param dropIns files of `<unit>.d/`, in the order of their names
 * @returns undefined for one that runs to its end (`Type=oneshot`) or starts nothing
 */
export function readUnit(
  unit: { file: string; text: string },
  dropIns: { file: string; text: string }[],
  secrets: Secrets,
): Workload | undefined {
  const settings = [unit, ...dropIns].flatMap(({ file, text }) => {
    inspectFile(secrets, file, text);
    return readUnitFile(file, text);
  });
  const service = new Section(settings, 'Service');
  const start = service.all('ExecStart').at(-1);
  if (!start || service.last('Type')?.value === 'oneshot') return undefined;
  inspectCommand(secrets, start.value, () => start.at);
  const limit = service.last('LimitNOFILE');
  const wantedBy = new Section(settings, 'Install')
    .all('WantedBy')
    .flatMap(({ value }) => value.split(/\s+/));
  return withoutUndefined({
    platform: 'systemd' as const,
    // A user's own service manager starts user services.
    kind:
      wantedBy.includes('default.target') || /(?:^|\/)user\//.test(unit.file) ? 'user service' : 'service',
    name: bounded(path.posix.basename(unit.file, '.service'), 100),
    at: { file: unit.file, line: settings.find(({ section }) => section === 'Service')?.at.line ?? 1 },
    // Without the prefixes of systemd: "-", "@", "+", "!", ":".
    command: declaredText(start.value.replace(/^[-@:+!|]+/, ''), start.at),
    user: declared(service.last('User')),
    nonRoot: switchOf(service.last('DynamicUser')),
    noNewPrivileges: switchOf(service.last('NoNewPrivileges')) ?? switchOf(service.last('DynamicUser')),
    capDrop: service.isEmptied('CapabilityBoundingSet') ? ['ALL'] : [],
    restart: declared(service.last('Restart')),
    healthchecks: [],
    environment: recordEnvironment(service.all('Environment').flatMap(assignmentsOf), secrets),
    ports: [],
    memoryLimit: unlessInfinite(declared(service.last('MemoryMax', 'MemoryLimit'))),
    cpuLimit: unlessInfinite(declared(service.last('CPUQuota'))),
    fileLimit: limit && declared({ ...limit, value: limit.value.split(':')[0] ?? '' }),
    stopSeconds: secondsOf(service.last('TimeoutStopSec', 'TimeoutSec')),
    stopSignal: declared(service.last('KillSignal')),
    logging: declared(service.last('StandardOutput')),
  });
}

/** systemd fills in specifiers: `%i`. */
function declared(setting: Setting | undefined): Declared<string> | undefined {
  if (!setting) return undefined;
  return /%[a-zA-Z]/.test(setting.value)
    ? unknownValue(setting.value, 'systemd fills it in', setting.at)
    : declaredText(setting.value, setting.at);
}

function switchOf(setting: Setting | undefined): Declared<boolean> | undefined {
  if (!setting) return undefined;
  return { known: true, value: /^(?:1|yes|y|true|t|on)$/i.test(setting.value), at: setting.at };
}

const unlessInfinite = (limit: Declared<string> | undefined): Declared<string> | undefined =>
  limit?.known && limit.value === 'infinity' ? undefined : limit;

const units: Record<string, number> = { '': 1, s: 1, sec: 1, ms: 0.001, m: 60, min: 60, h: 3600, hr: 3600 };

/** Time spans are sums, `1min 30s`. Plain numbers are seconds (systemd.time(7)). */
function secondsOf(setting: Setting | undefined): Declared<string> | undefined {
  if (!setting) return undefined;
  const { value, at } = setting;
  const parts = [...value.slice(0, 100).matchAll(/(\d+(?:\.\d+)?)\s*([a-z]*)/g)];
  const sum = parts.reduce(
    (total, [, count, unit = '']) => total + Number(count) * (units[unit] ?? Number.NaN),
    0,
  );
  if (value === 'infinity') return { known: true, value, at };
  return parts.length > 0 && Number.isFinite(sum)
    ? { known: true, value: String(sum), at }
    : unknownValue(value, 'the value is not a time span', at);
}

/** `Environment="A=one two" B=three` */
function assignmentsOf({ value, at }: Setting): { name: string; value: string; at: Setting['at'] }[] {
  return splitWords(value, '\\').flatMap((word) => {
    const { name, value } = splitAssignment(unquote(word));
    return name === '' || value === undefined ? [] : [{ name, value, at }];
  });
}
