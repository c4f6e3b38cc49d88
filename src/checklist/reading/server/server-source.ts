import type { Place } from '../../../evidence/declared.ts';
import type { ProjectEvidence } from '../../../evidence/project.ts';
import type { SourceFacts } from '../../../evidence/source.ts';
import { someOf } from '../../../text/counts.ts';
import { placeText } from '../../../text/places.ts';
import { isNonProductionFile } from './non-production-files.ts';

/** Words in a path of code that runs in a browser, at build time or by hand. */
const nonServerWords = new Set(
  `assets browser build config eslint frontend gulpfile healthcheck migration migrations noxfile public script
   scripts setup spec specs static stories storybook tests ui vite vitest web webapp website webpack
   www`.split(/\s+/),
);

/**
 * The facts of the packages that import an MCP library, without tests, scripts and browser code.
 * Undefined when no package imports one.
 */
export function serverSource({ source }: ProjectEvidence): SourceFacts | undefined {
  const packageOf = (file: string): string =>
    source.packages
      .filter((folder) => folder === '' || file.startsWith(`${folder}/`))
      .sort((a, b) => b.length - a.length)[0] ?? '';
  const imports = source.mcpImports.filter(({ at }) => isServed(at.file));
  const servers = imports.filter(({ library }) => !/[/.]client(?:[/.]|$)/.test(library));
  if (servers.length === 0) return undefined;
  const packages = new Set(servers.map(({ at }) => packageOf(at.file)));
  const of = <T extends { at: Place }>(facts: readonly T[]): T[] =>
    facts.filter(({ at }) => isServed(at.file) && packages.has(packageOf(at.file)));
  return {
    ...source,
    mcpImports: servers,
    httpCalls: of(source.httpCalls),
    // A guard in another package may cover these calls.
    timeGuards: source.timeGuards.filter(({ at }) => isServed(at.file)),
    loggers: of(source.loggers),
    plainOutput: of(source.plainOutput),
    listeners: of(source.listeners),
    signalHandlers: of(source.signalHandlers),
    caches: of(source.caches),
    errorTrackers: of(source.errorTrackers),
    metrics: of(source.metrics),
    rateLimiters: of(source.rateLimiters),
  };
}

/** A sentence: why the source is not judged. */
export const noServerSource = (project: ProjectEvidence): string =>
  Object.values(project.source.parsed).some((count) => count > 0)
    ? 'No TypeScript, JavaScript or Python source imports an MCP library. The audit does not judge the source.'
    : 'The project has no TypeScript, JavaScript or Python source of a server.';

/** Whether a source file is server code, by its folders and its name. */
export function isServed(file: string): boolean {
  if (isNonProductionFile(file) || /\.[jt]sx$/.test(file)) return false;
  const folders = file.toLowerCase().split('/');
  const name = folders.pop() ?? '';
  return ![...folders, ...name.split('.')].some((word) => nonServerWords.has(word));
}

/** "fetch (src/weather.ts:12), axios.get (src/city.ts:7) and 3 more" */
export function listOf<T extends { at: Place }>(items: readonly T[], name: (item: T) => string): string {
  return someOf(
    items.map((item) => `${name(item)} (${placeText(item.at)})`),
    3,
  );
}

/** The first 10 places: a report has no room for more. */
export const placesOf = (items: readonly { at: Place }[]): Place[] => items.slice(0, 10).map(({ at }) => at);
