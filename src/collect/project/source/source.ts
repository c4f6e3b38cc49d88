import path from 'node:path';
import type { SourceFacts } from '../../../evidence/source.ts';
import type { ProjectFiles } from '../files/project-files.ts';
import { recordInSource, type Secrets } from '../secrets/literal-secrets.ts';
import { describesPackage, languageOf, mayMatter, parsedLimit } from './choice.ts';
import { readHttpCalls } from './facts/http-calls.ts';
import { readLibraries } from './facts/libraries.ts';
import { readLogging } from './facts/logging.ts';
import { readPlainOutput } from './facts/plain-output.ts';
import type { FactReader } from './facts/reader.ts';
import { secretsOf } from './facts/secrets.ts';
import { readSignals } from './facts/signals.ts';
import { interruptible } from './interruptible.ts';
import { readJavaScript } from './languages/javascript.ts';
import { readPython } from './languages/python.ts';
import type { SourceModule } from './module.ts';
import { Names } from './names.ts';

/** Milliseconds for one file. A large one takes a tenth of it. */
const fileTime = 2_000;
/** Files that may run out of it before nothing more is parsed. */
const slowFileLimit = 3;
/** Of each kind of fact; more would only repeat the finding. */
const factLimit = 500;

const readers: readonly FactReader[] = [
  readHttpCalls,
  readLogging,
  readPlainOutput,
  readSignals,
  readLibraries,
];

export const nothingParsed = (): SourceFacts => ({
  parsed: { typescript: 0, javascript: 0, python: 0 },
  unparsed: 0,
  packages: [],
  mcpImports: [],
  httpCalls: [],
  timeGuards: [],
  loggers: [],
  plainOutput: [],
  listeners: [],
  signalHandlers: [],
  caches: [],
  errorTrackers: [],
  metrics: [],
  rateLimiters: [],
});

/**
 * Reads TypeScript, JavaScript and Python by their syntax trees. What cannot be parsed is counted and left out.
 *
 * @param names the project's files, relative to its root, the nearest to it first
 * @param secrets gets the literals that are given a secret's name
 */
export async function readSource(
  names: string[],
  files: ProjectFiles,
  secrets: Secrets,
): Promise<SourceFacts> {
  const facts = nothingParsed();
  facts.packages = [...new Set(names.filter(describesPackage).map(folderOf))];
  let room = parsedLimit;
  let slow = 0;
  for (const file of names) {
    const language = languageOf(file);
    if (!language || files.ended) continue;
    const content = await files.read(file);
    if (!('text' in content) || !mayMatter(content.text)) continue;
    const { text } = content;
    room -= text.length;
    if (room < 0 || slow >= slowFileLimit) {
      facts.unparsed++;
      continue;
    }
    const started = performance.now();
    const read = language === 'python' ? readPython : readJavaScript;
    const done = interruptible(() => {
      record(read(file, text), facts, secrets);
      return true;
    }, fileTime);
    if (!done) {
      facts.unparsed++;
      if (performance.now() - started >= fileTime) slow++;
    }
  }
  if (facts.unparsed > 0) files.note(`${facts.unparsed} source files were not read: broken, or too many.`);
  return facts;
}

const folderOf = (file: string): string => path.posix.dirname(file).replace(/^\.$/, '');

function record(module: SourceModule, facts: SourceFacts, secrets: Secrets): void {
  facts.parsed[module.language]++;
  const names = new Names(module);
  for (const read of readers) read({ module, names, facts });
  for (const { name, value, line } of secretsOf(module)) {
    recordInSource(secrets, name, value, { file: module.file, line });
  }
  for (const list of Object.values(facts)) if (Array.isArray(list)) list.splice(factLimit);
}
