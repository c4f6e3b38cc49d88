import { isFalsy, keywordsOf } from '../../facts/reading.ts';
import type { Language } from '../language.ts';

/** A logger that a Python call creates; undefined for other calls. */
export const pythonLogger: Language['logger'] = (name, call, { names, module }) => {
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
        form: serialize === undefined || open ? 'unknown' : isFalsy(serialize) ? 'text' : 'json',
      };
    }
    default:
  }
  if (/^pythonjsonlogger\..*JsonFormatter$/.test(name) || /^json_log_formatter\.\w*Formatter$/.test(name)) {
    return { library: name.split('.')[0] ?? name, form: 'json' };
  }
  return /^ecs_logging\.StdlibFormatter$/.test(name) ? { library: 'ecs_logging', form: 'json' } : undefined;
};
