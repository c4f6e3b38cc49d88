import type { Logger } from '../../../../evidence/source.ts';
import type { Call, Value } from '../module.ts';
import type { Names } from '../names.ts';
import {
  type FactReader,
  isNothing,
  keywordsOf,
  type Options,
  optionsAt,
  placeOf,
  type Reading,
} from './reader.ts';

/** Records the loggers that are set up, and what is printed without one. */
export const readLogging: FactReader = (reading) => {
  const { module, names, facts } = reading;
  for (const call of module.calls) {
    const name = names.of(call.callee);
    if (name === undefined) continue;
    const logger = loggerOf(name, call, reading);
    if (logger) facts.loggers.push({ ...logger, at: placeOf(module, call.line) });
  }
};

type Made = Omit<Logger, 'at'>;

function loggerOf(name: string, call: Call, reading: Reading): Made | undefined {
  const { names, module } = reading;
  const python = module.language === 'python' ? pythonLogger(name, call, reading) : undefined;
  if (python) return python;
  switch (name) {
    case 'pino':
    case 'pino.pino':
      return { library: 'pino', form: pinoForm(optionsAt(call, 0, names), names) };
    case 'pino-http':
    case 'pino-http.pinoHttp':
    case 'express-pino-logger':
      return { library: 'pino', form: 'json' };
    case 'nestjs-pino.LoggerModule.forRoot':
    case 'nestjs-pino.LoggerModule.forRootAsync':
      return { library: 'nestjs-pino', form: call.args.length === 0 ? 'json' : 'unknown' };
    case 'bunyan.createLogger':
      return {
        library: 'bunyan',
        form: optionsAt(call, 0, names).entries.has('streams') ? 'unknown' : 'json',
      };
    case 'winston.createLogger':
      return { library: 'winston', form: winstonForm(optionsAt(call, 0, names), names) };
    case 'fastify':
    case 'fastify.fastify':
      return fastifyLogger(optionsAt(call, 0, names), names);
    case 'morgan':
      return { library: 'morgan', form: names.literal(call.args[0])?.kind === 'text' ? 'text' : 'unknown' };
    case 'log4js.getLogger':
    case 'tslog.Logger':
    case 'consola.createConsola':
    case '@nestjs/common.Logger':
    case 'loglevel.getLogger':
      return { library: name.split('.')[0] ?? name, form: 'unknown' };
    default:
      return undefined;
  }
}

/** pino writes JSON unless a transport makes it pretty. */
function pinoForm({ entries, open }: Options, names: Names): Logger['form'] {
  const transport = names.literal(entries.get('transport'));
  if (transport === undefined) return open ? 'unknown' : 'json';
  const target = transport.kind === 'object' ? names.literal(transport.entries.get('target')) : undefined;
  return target?.kind === 'text' && target.text === 'pino-pretty' ? 'text' : 'unknown';
}

/** winston writes JSON unless a format says otherwise, for all transports or for one. */
function winstonForm({ entries, open }: Options, names: Names): Logger['form'] {
  const transports = entries.get('transports');
  const listed =
    transports?.kind === 'list' ? transports.items : transports === undefined ? [] : [transports];
  const ownFormat = listed.some((item) => {
    if (item.kind !== 'call') return true;
    const options = optionsAt(item.call, 0, names);
    return options.open || options.entries.has('format');
  });
  if (open || ownFormat) return 'unknown';
  const format = entries.get('format');
  return format === undefined ? 'json' : formatForm(format, names);
}

function formatForm(format: Value, names: Names): Logger['form'] {
  const made = names.literal(format);
  const name = names.of(format) ?? '';
  if (/\.format\.json\(\)$/.test(name)) return 'json';
  if (/\.format\.(?:simple|cli|prettyPrint|padLevels)\(\)$/.test(name)) return 'text';
  if (!/\.format\.combine\(\)$/.test(name) || made?.kind !== 'call') return 'unknown';
  // The last part decides what is written.
  const last = made.call.args.at(-1);
  return last === undefined ? 'unknown' : formatForm(last, names);
}

function fastifyLogger({ entries }: Options, names: Names): Made | undefined {
  const logger = names.literal(entries.get('logger'));
  if (logger === undefined || isNothing(logger)) return undefined;
  if (logger.kind === 'constant') return { library: 'fastify', form: 'json' };
  return {
    library: 'fastify',
    form: logger.kind === 'object' ? pinoForm(logger, names) : 'unknown',
  };
}

function pythonLogger(name: string, call: Call, { names, module }: Reading): Made | undefined {
  const { entries, open } = keywordsOf(call);
  switch (name) {
    case 'logging.basicConfig': {
      if (open || entries.has('handlers')) return { library: 'logging', form: 'unknown' };
      const format = names.literal(entries.get('format'));
      if (format === undefined) return { library: 'logging', form: 'text' };
      if (format.kind !== 'text') return { library: 'logging', form: 'unknown' };
      return { library: 'logging', form: /^\s*\{\s*"/.test(format.text) ? 'template' : 'text' };
    }
    case 'logging.config.dictConfig':
    case 'logging.config.fileConfig':
    case 'logging.getLogger':
      return { library: 'logging', form: 'unknown' };
    case 'structlog.configure': {
      const renderers = module.calls.map(({ callee }) => names.of(callee) ?? '');
      const json = renderers.some((made) => /^structlog\.processors\.JSONRenderer$/.test(made));
      const console = renderers.some((made) => /^structlog\.dev\.ConsoleRenderer$/.test(made));
      return {
        library: 'structlog',
        form: json && !console ? 'json' : console && !json ? 'text' : 'unknown',
      };
    }
    case 'loguru.logger.add': {
      const serialize = entries.get('serialize');
      return {
        library: 'loguru',
        form: serialize === undefined || open ? 'unknown' : isNothing(serialize) ? 'text' : 'json',
      };
    }
    default:
  }
  if (/^pythonjsonlogger\..*JsonFormatter$/.test(name) || /^json_log_formatter\.\w*Formatter$/.test(name)) {
    return { library: name.split('.')[0] ?? name, form: 'json' };
  }
  return /^ecs_logging\.StdlibFormatter$/.test(name) ? { library: 'ecs_logging', form: 'json' } : undefined;
}
