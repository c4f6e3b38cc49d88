import type { ProjectEvidence } from '../../../evidence/project.ts';
import type { Logger, SourceFacts } from '../../../evidence/source.ts';
import { listOf, noServerSource, placesOf, serverSource } from '../../reading/server/server-source.ts';
import { fail, inconclusive, type Judgement, pass } from '../../row.ts';

const libraryOf = ({ library }: { library: string }): string => library;
const callOf = ({ call }: { call: string }): string => call;

/** Judges whether the source logs JSON through a library, and prints nothing else. */
export function judgeLines(project: ProjectEvidence): Judgement {
  const source = serverSource(project);
  if (!source) return inconclusive(noServerSource(project));
  const printed = source.plainOutput.filter(({ when }) => when === 'running');
  const loggers = configuredLoggers(source);
  const json = loggers.filter(({ form }) => form === 'json');
  const plain = loggers.filter(({ form }) => form === 'text');
  const unclear = loggers.filter(({ form }) => form === 'unknown');
  const templates = loggers.filter(({ form }) => form === 'template');
  if (loggers.length === 0) {
    return printed.length > 0
      ? fail(
          `The source has no logger and prints plain text: ${listOf(printed, callOf)}.`,
          ...placesOf(printed),
        )
      : inconclusive('The source has no known logger and no printed line. The log format is unknown.');
  }
  if (unclear.length > 0) {
    return inconclusive(`The source does not show the log format of ${listOf(unclear, libraryOf)}.`);
  }
  if (templates.length > 0) {
    return inconclusive(`${formatted(templates)} Whether a line is one object depends on its message.`);
  }
  if (json.length === 0) {
    return fail(`The source logs plain text with ${listOf(plain, libraryOf)}.`, ...placesOf(plain));
  }
  const plainText = [
    ...plain.map(({ library, at }) => ({ name: library, at })),
    ...printed.map(({ call, at }) => ({ name: call, at })),
  ];
  return plainText.length > 0
    ? inconclusive(
        `The source logs JSON with ${listOf(json, libraryOf)}, but plain text with ${listOf(plainText, ({ name }) => name)}. Whether it writes plain text while serving is unknown.`,
      )
    : pass(
        `The source logs JSON with ${listOf(json, libraryOf)} and prints no plain text while it runs.`,
        ...placesOf(json),
      );
}

/** Judges JSON from a format string: a quote in a message ends its field. */
export function judgeTemplates(project: ProjectEvidence): Judgement {
  const templates = (serverSource(project)?.loggers ?? []).filter(({ form }) => form === 'template');
  return templates.length > 0
    ? fail(`${formatted(templates)} A quote or a newline in a message breaks it.`, ...placesOf(templates))
    : inconclusive('Whether an argument can forge a line is unknown; only an experiment can show it.');
}

const formatted = (templates: Logger[]): string =>
  `The source builds JSON with a format string: ${listOf(templates, libraryOf)}.`;

/** Without loggers of unknown form (`logging.getLogger`) whose library is configured elsewhere. */
function configuredLoggers({ loggers }: SourceFacts): Logger[] {
  const known = new Set(loggers.filter(({ form }) => form !== 'unknown').map(libraryOf));
  return loggers.filter(({ form, library }) => form !== 'unknown' || !known.has(library));
}
