import type { Language } from '../language.ts';
import { javascriptHttpCall } from './http-calls.ts';
import { libraries } from './libraries.ts';
import { javascriptLogger } from './logging.ts';
import { readJavaScript } from './reader.ts';
import { signals } from './signals.ts';

/** JavaScript and TypeScript, without declaration files. */
export const javascript: Language = {
  files: /(?<!\.d(?=\.[cm]?ts$)|\.min(?=\.[cm]?js$))\.(?:[cm]?[jt]s|[jt]sx)$/,
  manifests: ['package.json'],
  keywords: [
    String.raw`\b(?:fetch|axios|got|ky|undici|https?|race)\b`,
    String.raw`\b(?:console|pino|winston|bunyan|morgan|fastify|log4js|consola)\b`,
    String.raw`\b(?:listen|serve|process)\b|modelcontextprotocol`,
    'keyv|bugsnag|prom-client|rate-?limit',
  ].join('|'),
  read: readJavaScript,
  httpCall: javascriptHttpCall,
  timeGuards: {
    called:
      /^(?:global\.Promise\.race|(?:undici|global)\.setGlobalDispatcher|axios(?:\.create\(\))?\.interceptors\.request\.use)$/,
    assigned: /^axios(?:\.create\(\))?\.defaults\.(?:timeout|signal|adapter)$/,
  },
  logger: javascriptLogger,
  print: { calls: /^global\.console\.(?:log|info|warn|error|debug|trace)$/, toText: /^global\.String$/ },
  signals,
  libraries,
};
