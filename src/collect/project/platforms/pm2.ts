import type { Declared } from '../../../evidence/declared.ts';
import type { Workload } from '../../../evidence/workload.ts';
import { withoutUndefined } from '../declared.ts';
import { bounded } from '../files/text.ts';
import { find, listOf, pairsOf, textAt } from '../formats/yaml-nodes.ts';
import type { YamlNode } from '../formats/yaml-tree.ts';
import type { Secrets } from '../secrets/literal-secrets.ts';
import { mappedAssignments, recordEnvironment } from './environment.ts';
import { commandOf, declaredAt, inspectCommands, switchAt } from './values.ts';

/** Reads the processes of a PM2 file in JSON or YAML (PM2: ecosystem file). */
export function readPm2(root: YamlNode, secrets: Secrets): Workload[] {
  const apps = find(root, 'apps') ?? root;
  return (apps.kind === 'seq' ? listOf(apps) : [apps]).flatMap((app) =>
    textAt(app, 'script') === undefined ? [] : [readApp(app, secrets)],
  );
}

function readApp(app: YamlNode, secrets: Secrets): Workload {
  inspectCommands(secrets, app, 'args');
  // `env` is for all environments, `env_staging` for one.
  const variants = pairsOf(app).filter(([key]) => /^env(?:_\w+)?$/.test(key));
  const [common] = variants.filter(([key]) => key === 'env');
  for (const [key, node] of variants) if (key !== 'env') recordEnvironment(mappedAssignments(node), secrets);
  return withoutUndefined({
    platform: 'pm2' as const,
    kind: 'process',
    name: bounded(textAt(app, 'name') ?? textAt(app, 'script') ?? '', 100),
    at: app.at,
    command: commandOf(find(app, 'script'), find(app, 'args')),
    user: declaredAt(app, 'user') ?? declaredAt(app, 'uid'),
    capDrop: [],
    restart: restartOf(app),
    healthchecks: [],
    environment: recordEnvironment(mappedAssignments(common?.[1]), secrets),
    ports: [],
    memoryLimit: declaredAt(app, 'max_memory_restart'),
    replicas: declaredAt(app, 'instances'),
    stopSeconds: secondsOf(declaredAt(app, 'kill_timeout')),
    logging: declaredAt(app, 'out_file') ?? declaredAt(app, 'output'),
  });
}

function restartOf(app: YamlNode): Declared<string> | undefined {
  const automatic = switchAt(app, 'autorestart');
  return automatic?.known ? { ...automatic, value: `autorestart: ${automatic.value}` } : automatic;
}

/** PM2 counts in milliseconds. */
function secondsOf(timeout: Declared<string> | undefined): Declared<string> | undefined {
  return timeout?.known && /^\d+$/.test(timeout.value)
    ? { ...timeout, value: String(Number(timeout.value) / 1000) }
    : timeout;
}
