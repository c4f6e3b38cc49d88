import path from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { SourceFacts } from '../../../evidence/source.ts';
import { count } from '../../../text/counts.ts';
import type { ProjectFiles } from '../files/project-files.ts';
import { untilAborted } from '../pause.ts';
import { recordInSource, type Secrets } from '../secrets/literal-secrets.ts';
import { isWorthParsing, parsedLimit } from './candidates.ts';
import { readHttpCalls } from './facts/http-calls.ts';
import { readLibraries } from './facts/libraries.ts';
import { readLoggers } from './facts/loggers.ts';
import { readPlainOutput } from './facts/plain-output.ts';
import { secretsOf } from './facts/secrets.ts';
import { readSignals } from './facts/signals.ts';
import { interruptible } from './interruptible.ts';
import type { FactReader, Language } from './languages/language.ts';
import { describesPackage, languageOf } from './languages/languages.ts';
import type { SourceModule } from './module.ts';
import { Names } from './names.ts';

/** Milliseconds for one file. A large file takes a fifth of it. */
const fileTime = 1_000;
/** Milliseconds of parsing between two pauses. */
const sliceMs = 50;
/** Files that may exceed it before parsing stops. */
const slowFileLimit = 3;
/** Facts of each kind. */
const factLimit = 500;

const readers: readonly FactReader[] = [
  readHttpCalls,
  readLoggers,
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
 * Reads source files by their syntax trees. Files that cannot be parsed, or were not parsed before the abort, are counted.
 *
 * @param names the project's files, relative to its root, the nearest to it first
 * @param secrets takes the literals with a secret's name
 */
export async function readSource(
  names: string[],
  files: ProjectFiles,
  secrets: Secrets,
): Promise<SourceFacts> {
  const facts = nothingParsed();
  facts.packages = [...new Set(names.filter(describesPackage).map(folderOf))];
  await untilAborted(files.signal, async () => {
    const texts = await chooseTexts(names, files);
    facts.unparsed = texts.leftOut;
    await parseAll(texts.chosen, files, facts, secrets);
  });
  if (facts.unparsed > 0)
    files.note(`${count(facts.unparsed, 'source file')} could not be parsed, or exceeded the limits.`);
  return facts;
}

interface SourceText {
  language: Language;
  file: string;
  text: string;
}

/** The files to parse within the limit for all: those that mention MCP first, then the nearest to the root. */
async function chooseTexts(
  names: string[],
  files: ProjectFiles,
): Promise<{ chosen: SourceText[]; leftOut: number }> {
  const all: SourceText[] = [];
  for (const file of names) {
    const language = languageOf(file);
    if (!language) continue;
    const content = await files.read(file);
    if ('text' in content && isWorthParsing(content.text)) all.push({ language, file, text: content.text });
  }
  const ofMcp = all.filter(({ text }) => /mcp/i.test(text));
  let left = parsedLimit;
  const chosen = [...new Set([...ofMcp, ...all])].filter(({ text }) => {
    left -= text.length;
    return left >= 0;
  });
  return { chosen, leftOut: all.length - chosen.length };
}

/** Parses the files in turn, with pauses for the event loop. */
async function parseAll(
  texts: SourceText[],
  files: ProjectFiles,
  facts: SourceFacts,
  secrets: Secrets,
): Promise<void> {
  let next = 0;
  for (let slow = 0; next < texts.length && slow < slowFileLimit && !files.signal.aborted; ) {
    const started = performance.now();
    // An interruptible call costs a millisecond, so it parses several files.
    const done = interruptible(() => {
      for (; next < texts.length && performance.now() - started < sliceMs; next++) {
        const { language, file, text } = texts[next] as SourceText;
        record(language, language.read(file, text), facts, secrets);
      }
      return true;
    }, sliceMs + fileTime);
    if (!done) {
      facts.unparsed++;
      next++;
      if (performance.now() - started >= fileTime) slow++;
    }
    await setImmediate();
  }
  facts.unparsed += texts.length - next;
}

const folderOf = (file: string): string => path.posix.dirname(file).replace(/^\.$/, '');

function record(language: Language, module: SourceModule, facts: SourceFacts, secrets: Secrets): void {
  facts.parsed[module.language]++;
  const names = new Names(module);
  for (const read of readers) read({ module, names, facts }, language);
  for (const { name, value, line } of secretsOf(module)) {
    recordInSource(secrets, name, value, { file: module.file, line });
  }
  for (const list of Object.values(facts)) if (Array.isArray(list)) list.splice(factLimit);
}
