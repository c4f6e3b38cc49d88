import type { Place } from '../../../evidence/declared.ts';
import type { ProjectEvidence } from '../../../evidence/project.ts';
import type { SourceFacts } from '../../../evidence/source.ts';
import { someOf } from '../../../text/counts.ts';
import { placeText } from '../../../text/places.ts';
import { isAside } from './non-production-files.ts';

/** Words in a path that say that the code runs in a browser, at build time, or by hand. */
const elsewhere = new Set(
  `assets browser build config eslint frontend gulpfile healthcheck migration migrations noxfile public script scripts
   setup spec specs static stories storybook tests ui vite vitest web webapp website webpack www`.split(
    /\s+/,
  ),
);

/**
 * What the source of the server says: of the packages that import an MCP library, without tests, scripts, and what runs in
 * a browser. Undefined when no source that has to do with MCP was read; what other code does is not judged.
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
    // One from a package beside it may bound it all the same.
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

/** Why nothing in the source is judged, as a sentence. */
export const noServerSource = (project: ProjectEvidence): string =>
  Object.values(project.source.parsed).some((count) => count > 0)
    ? 'No TypeScript, JavaScript or Python source was found that imports an MCP library, so none is judged.'
    : 'No TypeScript, JavaScript or Python source of a server was found.';

/** Whether a source file is part of what serves, by where it stands and what it is called. */
export function isServed(file: string): boolean {
  if (isAside(file) || /\.[jt]sx$/.test(file)) return false;
  const folders = file.toLowerCase().split('/');
  const name = folders.pop() ?? '';
  const words = [...folders, ...name.split('.')];
  return !words.some((word) => elsewhere.has(word));
}

/** "fetch (src/weather.ts:12), axios.get (src/city.ts:7) and 3 more" */
export function listOf<T extends { at: Place }>(items: readonly T[], name: (item: T) => string): string {
  return someOf(
    items.map((item) => `${name(item)} (${placeText(item.at)})`),
    3,
  );
}

/** As many places as a report has room for. */
export const placesOf = (items: readonly { at: Place }[]): Place[] => items.slice(0, 10).map(({ at }) => at);
