/** The common scale of all level conventions. */
export type Severity = 'debug' | 'info' | 'warn' | 'error';

/** Level names of npm and syslog (winston), RFC 5424, Python, Java, .NET, Rust, Go, OpenTelemetry, Google Cloud and NestJS. */
const levelNames = new Map<string, Severity>([
  ...of('debug', ['trace', 'trce', 'verbose', 'silly', 'finest', 'finer', 'fine', 'config', 'debug', 'dbug']),
  ...of('info', ['info', 'information', 'informational', 'notice', 'success', 'default']),
  ...of('info', ['http', 'log', 'input']),
  ...of('warn', ['warn', 'warning', 'wrn']),
  ...of('error', ['error', 'err', 'eror', 'severe', 'fatal', 'critical', 'crit', 'fail', 'failure']),
  ...of('error', ['alert', 'emergency', 'emerg', 'panic', 'dpanic']),
  // zerolog's console, klog
  ...of('debug', ['trc', 'dbg', 'd', 't']),
  ...of('info', ['inf', 'i']),
  ...of('warn', ['w']),
  ...of('error', ['e', 'f', 'ftl', 'pnc']),
]);

/** The lowest number of each severity, by convention. */
const pino = { error: 50, warn: 40, info: 30 };
const python = { error: 40, warn: 30, info: 20 };
/** Logs data model, "Severity Fields". */
const openTelemetry = { error: 17, warn: 13, info: 9 };

/**
 * The severity in a field. Null: none.
 *
 * @param path of the field, in lower case: it decides what a number means
 */
export function levelOf(path: string, value: unknown): Severity | null {
  if (typeof value === 'string') {
    const severity = levelNames.get(value.trim().toLowerCase());
    if (severity !== undefined) return severity;
    // OpenTelemetry: `WARN2`, `SEVERITY_NUMBER_ERROR`.
    const name = /^(?:severity_number_)?([a-z]+)[234]?$/.exec(value.trim().toLowerCase())?.[1];
    if (name !== undefined) return levelNames.get(name) ?? null;
    return /^\d{1,2}$/.test(value.trim()) ? levelOf(path, Number(value)) : null;
  }
  if (typeof value !== 'number' || !Number.isFinite(value)) return null;
  if (/severity_?number$/.test(path)) return atLeast(openTelemetry, value);
  if (path === 'levelno') return atLeast(python, value);
  // In syslog and GELF, lower numbers are more severe (RFC 5424, section 6.2.1).
  if (value >= 0 && value <= 7)
    return value <= 3 ? 'error' : value === 4 ? 'warn' : value === 7 ? 'debug' : 'info';
  return value >= 10 ? atLeast(pino, value) : null;
}

/** The level in a line of text: `ERROR`, `[warn]`, `level=info`, `"level": "error"`. Null: none. */
export function levelWordIn(line: string): Severity | null {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colours of a terminal
  const text = line.slice(0, 400).replace(/\u001b\[[\d;]*m/g, '');
  const named = /\b(?:level|lvl|severity|levelname)"?\s{0,3}[=:]\s{0,3}"?([a-z]{3,13})\b/i.exec(text)?.[1];
  const name =
    named ??
    /(?:^|[\s[(|<])(TRACE|DEBUG|INFO|NOTICE|WARN|WARNING|ERROR|SEVERE|CRITICAL|FATAL)(?=[\s\])|>:,]|$)/.exec(
      text,
    )?.[1] ??
    /^\s{0,3}\[?(trace|debug|info|notice|warn|warning|error|critical|fatal)(?:\]|:)/i.exec(text)?.[1];
  return name === undefined ? null : (levelNames.get(name.toLowerCase()) ?? null);
}

function atLeast(lowest: typeof pino, value: number): Severity {
  if (value >= lowest.error) return 'error';
  if (value >= lowest.warn) return 'warn';
  return value >= lowest.info ? 'info' : 'debug';
}

function of(severity: Severity, names: readonly string[]): [string, Severity][] {
  return names.map((name) => [name, severity]);
}
