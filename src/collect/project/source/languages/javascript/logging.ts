import type { Logger } from '../../../../../evidence/source.ts';
import { isFalsy, type Options, optionsAt } from '../../facts/reading.ts';
import type { Value } from '../../module.ts';
import type { Names } from '../../names.ts';
import type { Language } from '../language.ts';

/** A logger that a JavaScript call creates; undefined for other calls. */
export const javascriptLogger: Language['logger'] = (name, call, { names }) => {
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
};

/** pino writes JSON unless a transport formats the lines. */
function pinoForm({ entries, open }: Options, names: Names): Logger['form'] {
  const transport = names.literal(entries.get('transport'));
  if (transport === undefined) return open ? 'unknown' : 'json';
  const target = transport.kind === 'object' ? names.literal(transport.entries.get('target')) : undefined;
  return target?.kind === 'text' && target.text === 'pino-pretty' ? 'text' : 'unknown';
}

/** winston writes JSON unless a format is set, for all transports or for one. */
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
  // The last part determines the output.
  const last = made.call.args.at(-1);
  return last === undefined ? 'unknown' : formatForm(last, names);
}

function fastifyLogger({ entries }: Options, names: Names): Omit<Logger, 'at'> | undefined {
  const logger = names.literal(entries.get('logger'));
  if (logger === undefined || isFalsy(logger)) return undefined;
  if (logger.kind === 'constant') return { library: 'fastify', form: 'json' };
  return {
    library: 'fastify',
    form: logger.kind === 'object' ? pinoForm(logger, names) : 'unknown',
  };
}
