/** What levels of all conventions come down to. */
export type Severity = 'debug' | 'info' | 'warn' | 'error';

/** Words for levels: npm and syslog (winston), RFC 5424, Python, Java, .NET, Rust, Go, OpenTelemetry, Google Cloud, NestJS. */
const words = new Map<string, Severity>([
  ...of('debug', ['trace', 'trce', 'verbose', 'silly', 'finest', 'finer', 'fine', 'config', 'debug', 'dbug']),
  ...of('info', [
    'info',
    'information',
    'informational',
    'notice',
    'success',
    'default',
    'http',
    'log',
    'input',
  ]),
  ...of('warn', ['warn', 'warning', 'wrn']),
  ...of('error', ['error', 'err', 'eror', 'severe', 'fatal', 'critical', 'crit', 'fail', 'failure']),
  ...of('error', ['alert', 'emergency', 'emerg', 'panic', 'dpanic']),
  // zerolog's console, klog
  ...of('debug', ['trc', 'dbg', 'd', 't']),
  ...of('info', ['inf', 'i']),
  ...of('warn', ['w']),
  ...of('error', ['e', 'f', 'ftl', 'pnc']),
]);

/** Numbers, where the field says which convention it is: the least of each severity. */
const pino = { error: 50, warn: 40, info: 30 };
const python = { error: 40, warn: 30, info: 20 };
/** Logs data model, "Severity Fields". */
const openTelemetry = { error: 17, warn: 13, info: 9 };

/**
 * The severity that a field tells; null: it tells none.
 *
 * @param path of the field, in lower case: a number means different things under different names
 */
export function levelOf(path: string, value: unknown): Severity | null {
  if (typeof value === 'string') {
    const word = words.get(value.trim().toLowerCase());
    if (word !== undefined) return word;
    // OpenTelemetry: `WARN2`, `SEVERITY_NUMBER_ERROR`.
    const name = /^(?:severity_number_)?([a-z]+)[234]?$/.exec(value.trim().toLowerCase())?.[1];
    if (name !== undefined) return words.get(name) ?? null;
    return /^\d{1,2}$/.test(value.trim()) ? levelOf(path, Number(value)) : null;
  }
  if (typeof value !== 'number' || !Number.isFinite(value)) return null;
  if (/severity_?number$/.test(path)) return atLeast(openTelemetry, value);
  if (path === 'levelno') return atLeast(python, value);
  // Syslog's numbers fall as things get worse (RFC 5424, section 6.2.1; GELF).
  if (value >= 0 && value <= 7)
    return value <= 3 ? 'error' : value === 4 ? 'warn' : value === 7 ? 'debug' : 'info';
  return value >= 10 ? atLeast(pino, value) : null;
}

/** A level that a line of text tells: `ERROR`, `[warn]`, `level=info`, `"level": "error"`; null: none. */
export function levelWordIn(line: string): Severity | null {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colours of a terminal
  const text = line.slice(0, 400).replace(/\u001b\[[\d;]*m/g, '');
  const named = /\b(?:level|lvl|severity|levelname)"?\s{0,3}[=:]\s{0,3}"?([a-z]{3,13})\b/i.exec(text)?.[1];
  const word =
    named ??
    /(?:^|[\s[(|<])(TRACE|DEBUG|INFO|NOTICE|WARN|WARNING|ERROR|SEVERE|CRITICAL|FATAL)(?=[\s\])|>:,]|$)/.exec(
      text,
    )?.[1] ??
    /^\s{0,3}\[?(trace|debug|info|notice|warn|warning|error|critical|fatal)(?:\]|:)/i.exec(text)?.[1];
  return word === undefined ? null : (words.get(word.toLowerCase()) ?? null);
}

function atLeast(least: { error: number; warn: number; info: number }, value: number): Severity {
  if (value >= least.error) return 'error';
  if (value >= least.warn) return 'warn';
  return value >= least.info ? 'info' : 'debug';
}

function of(severity: Severity, names: readonly string[]): [string, Severity][] {
  return names.map((name) => [name, severity]);
}
