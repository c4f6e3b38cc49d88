import { isObject, ownValue, parseObject } from '../json.ts';

const levels = /^(?:error|err|fatal|critical|crit|panic|emerg|alert|severe)$/i;
/** The number of `error` in pino and bunyan. */
const errorLevel = 50;

/** The message of the last JSON log line of level error or fatal, with that of its error. */
export function jsonMessage(lines: readonly string[]): string | undefined {
  for (const line of lines.toReversed()) {
    const entry = line.trimStart().startsWith('{') ? parseObject(line) : undefined;
    if (entry === undefined || !isError(entry)) continue;
    const parts = [firstText(entry, ['msg', 'message', 'event']), errorText(entry)];
    const texts = [...new Set(parts)].filter((text) => text !== undefined);
    if (texts.length > 0) return texts.join(': ');
  }
  return undefined;
}

function isError(entry: Record<string, unknown>): boolean {
  return ['level', 'severity', 'levelname', 'log.level', 'lvl', 'loglevel'].some((name) => {
    const level = ownValue(entry, name);
    return typeof level === 'number' ? level >= errorLevel : typeof level === 'string' && levels.test(level);
  });
}

function errorText(entry: Record<string, unknown>): string | undefined {
  for (const name of ['err', 'error', 'exception', 'cause']) {
    const value = ownValue(entry, name);
    if (typeof value === 'string' && value !== '') return value;
    if (isObject(value)) return firstText(value, ['message', 'msg']);
  }
  return undefined;
}

function firstText(entry: Record<string, unknown>, names: readonly string[]): string | undefined {
  const texts = names.map((name) => ownValue(entry, name));
  return texts.find((text) => typeof text === 'string' && text !== '') as string | undefined;
}
