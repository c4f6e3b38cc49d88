import { describe, expect, it } from 'vitest';
import { missingFields, readLine } from '../../../../src/checklist/reading/lab/log-lines.ts';

const read = (line: unknown) => readLine(typeof line === 'string' ? line : JSON.stringify(line));

describe('a line of a log', () => {
  it.each([
    ['pino', { level: 30, time: 1763000000000, pid: 1, hostname: 'a', msg: 'Tool call' }, 'info'],
    ['pino with labels', { level: 'error', time: '2026-01-01T00:00:00Z', message: 'Tool call' }, 'error'],
    ['bunyan', { name: 'a', level: 50, msg: 'Tool call', time: '2026-01-01T00:00:00Z', v: 0 }, 'error'],
    ['winston', { level: 'http', message: 'Tool call', timestamp: '2026-01-01T00:00:00Z' }, 'info'],
    ['tslog', { 0: 'Tool call', _meta: { date: '2026-01-01T00:00:00Z', logLevelName: 'WARN' } }, 'warn'],
    ['zap', { level: 'dpanic', ts: 1763000000.1, caller: 'a.go:1', msg: 'Tool call' }, 'error'],
    ['zerolog', { level: 'trace', time: 1763000000, message: 'Tool call' }, 'debug'],
    ['slog', { time: '2026-01-01T00:00:00Z', level: 'WARN', msg: 'Tool call' }, 'warn'],
    ['structlog', { event: 'Tool call', level: 'warning', timestamp: '2026-01-01T00:00:00Z' }, 'warn'],
    [
      'python-json-logger',
      { asctime: '2026-01-01 00:00:00,1', levelname: 'CRITICAL', message: 'Tool call' },
      'error',
    ],
    ['python-json-logger by number', { asctime: '2026-01-01', levelno: 30, message: 'Tool call' }, 'warn'],
    [
      'loguru',
      {
        text: '2026-01-01 | INFO | Tool call\n',
        record: {
          level: { name: 'INFO', no: 20 },
          message: 'Tool call',
          time: { repr: '2026-01-01', timestamp: 1.5 },
        },
      },
      'info',
    ],
    [
      'tracing',
      { timestamp: '2026-01-01T00:00:00Z', level: 'ERROR', fields: { message: 'Tool call' } },
      'error',
    ],
    [
      'Logback',
      { '@timestamp': '2026-01-01T00:00:00Z', message: 'Tool call', level: 'WARN', level_value: 30000 },
      'warn',
    ],
    ['Log4j', { instant: { epochSecond: 1763000000 }, level: 'FATAL', message: 'Tool call' }, 'error'],
    ['Serilog', { '@t': '2026-01-01T00:00:00Z', '@mt': 'Tool call' }, 'info'],
    ['Serilog with a level', { '@t': '2026-01-01T00:00:00Z', '@m': 'Tool call', '@l': 'Warning' }, 'warn'],
    ['.NET', { Timestamp: '2026-01-01T00:00:00Z', LogLevel: 'Information', Message: 'Tool call' }, 'info'],
    ['ECS', { '@timestamp': '2026-01-01T00:00:00Z', log: { level: 'error' }, message: 'Tool call' }, 'error'],
    [
      'ECS, dotted',
      { '@timestamp': '2026-01-01T00:00:00Z', 'log.level': 'debug', message: 'Tool call' },
      'debug',
    ],
    [
      'OpenTelemetry',
      { timeUnixNano: '1763000000000000000', severityNumber: 13, body: { stringValue: 'Tool call' } },
      'warn',
    ],
    [
      'OpenTelemetry by text',
      { observedTimeUnixNano: '1763', severityText: 'ERROR2', body: 'Tool call' },
      'error',
    ],
    ['Google Cloud', { severity: 'NOTICE', time: '2026-01-01T00:00:00Z', message: 'Tool call' }, 'info'],
    ['GELF', { version: '1.1', timestamp: 1763000000.1, level: 3, short_message: 'Tool call' }, 'error'],
    ['syslog warning', { timestamp: 1763000000, level: 4, message: 'Tool call' }, 'warn'],
  ])('of %s is read', (_, line, level) => {
    expect(read(line)).toMatchObject({ form: 'json', hasTime: true, level, message: 'Tool call' });
    expect(missingFields(read(line))).toBeUndefined();
  });

  it.each([
    ['', { level: 'info', msg: 'a' }, 'no time'],
    ['', { time: 1, msg: 'a' }, 'no level'],
    ['', { time: 1, level: 'info' }, 'no message'],
    ['', { time: '', level: 'loud', event: 5 }, 'no time and no level and no message'],
    ['in an array', [{ time: 1, level: 'info', msg: 'a' }], 'not a JSON object'],
    ['of logfmt', 'time=2026-01-01T00:00:00Z level=info msg="a"', 'not a JSON object'],
    ['cut off', '{"time":1,"level":"info","msg":"a"', 'not a JSON object'],
    ['and another', '{"time":1,"level":"info","msg":"a"} {}', 'not a JSON object'],
  ])('%s: %j lacks %s', (_, line, lacking) => {
    expect(missingFields(read(line))).toBe(lacking);
  });

  it.each([
    ['2026-01-01 00:00:00,000 ERROR weather: it failed', 'error'],
    ['INFO:     127.0.0.1:5000 - "POST /mcp HTTP/1.1" 200 OK', 'info'],
    ['level=warn msg="it failed"', 'warn'],
    ['{"time": "now", "level": "error", "msg": "x" broke"}', 'error'],
    ['\u001b[33mWARN\u001b[39m it failed', 'warn'],
    ['[error] it failed', 'error'],
    ['error: it failed', 'error'],
    ['No error was found, and no warning', null],
    ['Weather for London', null],
  ])('of text: %j tells level %s', (line, level) => {
    expect(read(line)).toMatchObject({ form: 'text', level });
  });

  it('that is hostile is read within bounds', () => {
    const deep = `${'{"a":'.repeat(3_000)}1${'}'.repeat(3_000)}`;
    expect(read(deep)).toMatchObject({ form: 'json', message: null });
    const wide = JSON.stringify(
      Object.fromEntries(Array.from({ length: 2_000 }, (_, index) => [`f${index}`, index])),
    );
    expect(Object.keys(read(wide).fields).length).toBeLessThanOrEqual(500);
    expect(read('{"__proto__":{"level":"info"},"level":"error"}').level).toBe('error');
  });
});
