import type { ProjectEvidence } from '../../../evidence/project.ts';
import type { Logger, SourceFacts } from '../../../evidence/source.ts';
import { listOf, noServerSource, placesOf, serverSource } from '../../reading/server/server-source.ts';
import { fail, inconclusive, type Judgement, pass } from '../../row.ts';

const libraryOf = ({ library }: { library: string }): string => library;
const callOf = ({ call }: { call: string }): string => call;

/** Judges whether the source writes its log as JSON: by a library that does, and past no library. */
export function judgeLines(project: ProjectEvidence): Judgement {
  const source = serverSource(project);
  if (!source) return inconclusive(noServerSource(project));
  const printed = source.plainOutput.filter(({ when }) => when === 'running');
  const loggers = decided(source);
  const json = loggers.filter(({ form }) => form === 'json');
  const plain = loggers.filter(({ form }) => form === 'text');
  const unclear = loggers.filter(({ form }) => form === 'unknown');
  const templates = loggers.filter(({ form }) => form === 'template');
  if (loggers.length === 0) {
    return printed.length > 0
      ? fail(`No logger; lines are printed as they are: ${listOf(printed, callOf)}.`, ...placesOf(printed))
      : inconclusive('No logger and no printed line was recognised in the source.');
  }
  if (unclear.length > 0) {
    return inconclusive(`${listOf(unclear, libraryOf)}: what it writes cannot be told from there.`);
  }
  if (templates.length > 0) {
    return inconclusive(
      `${listOf(templates, libraryOf)} puts JSON together by a format string; whether a line is one object depends on its message.`,
    );
  }
  if (json.length === 0) {
    return fail(`${listOf(plain, libraryOf)} is set up to write plain text.`, ...placesOf(plain));
  }
  const beside = [
    ...plain.map(({ library, at }) => ({ name: library, at })),
    ...printed.map(({ call, at }) => ({ name: call, at })),
  ];
  return beside.length > 0
    ? inconclusive(
        `${listOf(json, libraryOf)} writes JSON, but ${listOf(beside, ({ name }) => name)} writes plain text; whether it does so while serving cannot be told.`,
      )
    : pass(`${listOf(json, libraryOf)} writes JSON, and nothing is printed past it.`, ...placesOf(json));
}

/** Judges JSON that is put together by a format string: a quote in a message ends its field. */
export function judgeTemplates(project: ProjectEvidence): Judgement {
  const templates = (serverSource(project)?.loggers ?? []).filter(({ form }) => form === 'template');
  return templates.length > 0
    ? fail(
        `${listOf(templates, libraryOf)} puts JSON together by a format string, which a quote or a newline in a message breaks.`,
        ...placesOf(templates),
      )
    : inconclusive(
        'The source says too little about it; only an experiment with a forged line can show this.',
      );
}

/** Without what is only asked for (`logging.getLogger`) where the same library is set up elsewhere. */
function decided({ loggers }: SourceFacts): Logger[] {
  const known = new Set(loggers.filter(({ form }) => form !== 'unknown').map(libraryOf));
  return loggers.filter(({ form, library }) => form !== 'unknown' || !known.has(library));
}
