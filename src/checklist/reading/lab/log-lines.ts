import { parseObject } from '../../../text/json.ts';
import { levelOf, levelWordIn, type Severity } from './log-levels.ts';

type Fields = Record<string, unknown>;

/** One line of a log, parsed. */
export interface LogLine {
  /** `json`: the line is one JSON object. */
  form: 'json' | 'text';
  /** By path in lower case (`log.level`). Empty for text. */
  fields: Fields;
  hasTime: boolean;
  /** Null: no known level. */
  level: Severity | null;
  /** Null: none. */
  message: string | null;
}

/**
 * The lower-case paths of the fields, as written by default by pino, bunyan, winston, zap, zerolog, slog, logrus, tslog, structlog,
 * python-json-logger, loguru (`serialize`), tracing, Logback, Log4j, Serilog, .NET, ECS, OpenTelemetry and Google Cloud.
 */
const paths = {
  time: [
    ...['time', 'timestamp', 'ts', '@timestamp', '@t', 'asctime', 'datetime', 'date', 'created', 't'],
    ...['timeunixnano', 'observedtimeunixnano', 'timemillis', 'instant.epochsecond', 'epochsecond'],
    ...['record.time', 'record.time.timestamp', '_meta.date'],
    ...['timestampseconds', 'timestamp.seconds', 'eventtime'],
  ],
  level: [
    ...['level', 'severity', 'lvl', 'loglevel', 'log_level', 'log.level'],
    ...['levelname', 'level_name', 'level.name'],
    ...['levelno', 'severitytext', 'severity_text', 'severitynumber', 'severity_number', '@l'],
    ...['record.level.name', '_meta.loglevelname'],
  ],
  message: [
    ...[
      'msg',
      'message',
      'event',
      'body',
      'body.stringvalue',
      'fields.message',
      'short_message',
      '@m',
      '@mt',
    ],
    ...['record.message', 'text', 'textpayload', '0'],
  ],
} as const;

/** Parses one line. */
export function readLine(text: string): LogLine {
  const fields = parseObject(text);
  if (fields === undefined) {
    return { form: 'text', fields: {}, hasTime: false, level: levelWordIn(text), message: null };
  }
  const flat = flatten(fields);
  const level = levelIn(flat);
  return {
    form: 'json',
    fields: flat,
    hasTime: paths.time.some((path) => isTime(flat[path])),
    // Serilog omits the level of information events (compact log event format, "@l").
    level: level ?? (flat['@t'] !== undefined && flat['@l'] === undefined ? 'info' : null),
    message: messageIn(flat),
  };
}

/** What a structured log entry needs and the line lacks: "no time and no level". Undefined: nothing. */
export function missingFields({ form, hasTime, level, message }: LogLine): string | undefined {
  if (form === 'text') return 'not a JSON object';
  const missing = [
    ...(hasTime ? [] : ['time']),
    ...(level === null ? ['level'] : []),
    ...(message === null ? ['message'] : []),
  ];
  return missing.length === 0 ? undefined : `no ${missing.join(' and no ')}`;
}

function levelIn(flat: Fields): Severity | null {
  for (const path of paths.level) {
    const level = levelOf(path, flat[path]);
    if (level !== null) return level;
  }
  return null;
}

function messageIn(flat: Fields): string | null {
  for (const path of paths.message) {
    const value = flat[path];
    if (typeof value === 'string') return value;
  }
  return null;
}

const isTime = (value: unknown): boolean =>
  (typeof value === 'string' && /\d/.test(value)) || (typeof value === 'number' && value > 0);

const maxDepth = 4;
const maxFields = 500;

/** Fields by their lower-case path: `{"log":{"level":"info"}}` becomes `log.level`. */
function flatten(fields: Fields): Fields {
  const flat: Fields = Object.create(null);
  let count = 0;
  const visit = (value: unknown, path: string, depth: number) => {
    if (count >= maxFields) return;
    if (typeof value === 'object' && value !== null && depth < maxDepth) {
      for (const [name, inner] of Object.entries(value)) {
        visit(inner, path === '' ? name.toLowerCase() : `${path}.${name.toLowerCase()}`, depth + 1);
      }
      return;
    }
    count += 1;
    flat[path] ??= value;
  };
  visit(fields, '', 0);
  return flat;
}
