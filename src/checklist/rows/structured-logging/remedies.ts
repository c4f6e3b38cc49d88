import type { Remedies } from '../../remedy.ts';

export const remedies: Remedies = {
  typescript: {
    text: 'Put values into fields, never into the message. pino encodes fields, and no argument can break or forge a line.',
    language: 'ts',
    code: `import { pino, stdTimeFunctions } from 'pino';

const log = pino({
  messageKey: 'message',
  timestamp: stdTimeFunctions.isoTime,
  formatters: { level: (label) => ({ level: label }) },
  redact: ['authorization', '*.authorization', '*.headers.authorization'],
});

log.info({ tool: 'get_weather', city }, 'tool call');
log.error({ tool: 'get_weather', err: error }, 'tool call failed');`,
  },
  python: {
    text: 'Put values into fields, never into the message. structlog encodes fields, and no argument can break or forge a line.',
    language: 'python',
    code: `import structlog

structlog.configure(
    processors=[
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="time"),
        structlog.processors.format_exc_info,
        structlog.processors.EventRenamer("message"),
        structlog.processors.JSONRenderer(),
    ]
)
log = structlog.get_logger()

log.info("tool call", tool="get_weather", city=city)
log.error("tool call failed", tool="get_weather", exc_info=True)`,
  },
};
