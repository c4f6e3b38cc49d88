import path from 'node:path';

export type Language = 'javascript' | 'python';

/** Characters of source that are parsed, over all files: some seconds of work on a slow machine. */
export const parsedLimit = 4 * 1024 * 1024;
/** Longer files are generated. */
const textLimit = 256 * 1024;

const javascript = /\.(?:[cm]?[jt]s|[jt]sx)$/;

/** The language of a file that is read by its syntax; undefined for others, and for declarations without code. */
export function languageOf(file: string): Language | undefined {
  if (file.endsWith('.py')) return 'python';
  return javascript.test(file) && !/\.d\.[cm]?ts$|\.min\.[cm]?js$/.test(file) ? 'javascript' : undefined;
}

/** Whether a file describes a package, and its folder is one of its own. */
export const describesPackage = (file: string): boolean =>
  ['package.json', 'pyproject.toml', 'setup.py'].includes(path.posix.basename(file));

/** Words of what is looked for. A file with none of them is not parsed. */
const telling = new RegExp(
  [
    // HTTP clients, and what bounds them.
    String.raw`\b(?:fetch|axios|got|ky|undici|https?|requests|httpx|aiohttp|urllib3?)\b`,
    String.raw`time_?out|deadline|\b(?:race|wait_for|fail_after|fail_at|move_on_\w+)\b`,
    // Logging and printing.
    String.raw`\b(?:console|print|pino|winston|bunyan|morgan|fastify|structlog|loguru|log4js|consola)\b|logg`,
    // Servers, signals and other libraries.
    String.raw`mcp|modelcontextprotocol|\b(?:listen|serve|uvicorn|process|signal)\b|SIG[A-Z]{3}`,
    'cache|lru|keyv|redis|sentry|rollbar|bugsnag|prom-client|prometheus|opentelemetry|rate-?limit|slowapi',
    // Names of secrets.
    'key|token|secret|passw',
  ].join('|'),
  'i',
);

/** Whether a text is worth parsing: written by people, and about something that is looked for. */
export function mayMatter(text: string): boolean {
  return text.length <= textLimit && !isMinified(text) && telling.test(text);
}

/** Lines of hundreds of characters on average are made by tools. */
function isMinified(text: string): boolean {
  const sample = text.slice(0, 20_000);
  return sample.length > 2_000 && sample.length / (sample.split('\n').length || 1) > 300;
}
