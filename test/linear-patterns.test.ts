import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { expect, test, vi } from 'vitest';
import { type Attack, attacksOn } from './support/pattern-attacks.ts';
import { constructedBy, type FoundPattern, patternsIn } from './support/patterns.ts';

/**
 * Whatever a server or a project says meets these patterns, and a search that goes back again and again takes minutes
 * for a megabyte: no limit of time can interrupt it.
 */
const folder = fileURLToPath(new URL('../src', import.meta.url));
const characters = 1024 * 1024;
/** Of the processor, so that a busy machine counts for nothing. Linear patterns take less than 50. */
const limitMs = 1_000;

/** Patterns that are constructed within a function, by file, and what they are constructed of. */
const constructedOf: Record<string, string> = {
  'checklist/rows/input-validation/tool-calls.ts':
    'the name of an argument, escaped, between characters that are not of words',
  'checklist/rows/startup-validation/missing-secrets.ts':
    'the name of a variable, escaped, between characters that are not of words',
  'collect/project/files/ignore-files.ts': 'one class of characters, for one character',
  'text/secrets/catalogue.ts': 'words of its own while the module is loaded, and so run here with the others',
  'lab/client/arguments.ts': 'a pattern of the schema of a tool, for one short text',
};

/** Each that fails takes its second. */
const shownAtMost = 10;

const { literals, constructions } = patternsIn(folder);

test('patterns are constructed of words of our own, or of what is escaped', () => {
  const later = constructions.filter((construction) => construction.later);
  const unknown = later.filter(({ file }) => constructedOf[file] === undefined);
  expect(unknown.map(({ file, line }) => `src/${file}:${line}`)).toEqual([]);
});

test('every pattern takes time in proportion to the text', async () => {
  vi.resetModules();
  const patterns: FoundPattern[] = [...literals];
  for (const { file, line } of constructions) {
    const made = await constructedBy(() => import(/* @vite-ignore */ `${folder}/${file}`));
    patterns.push(...made.map(({ source, flags }) => ({ file, line, source, flags })));
  }
  expect(patterns.length).toBeGreaterThan(500);
  expect(await slowOf(patterns)).toEqual([]);
});

interface Job {
  place: string;
  source: string;
  flags: string;
  attacks: Attack[];
}

/** The patterns that took longer, as "src/file.ts:line /pattern/ on a text". */
async function slowOf(patterns: FoundPattern[]): Promise<string[]> {
  const distinct = new Map(patterns.map((one) => [`/${one.source}/${one.flags}`, one]));
  const jobs = [...distinct].map(([shown, { file, line, source, flags }]) => ({
    place: `src/${file}:${line} ${shown}`,
    source,
    flags,
    attacks: attacksOn(source, flags),
  }));
  const slow: string[] = [];
  let from = 0;
  while (from < jobs.length && slow.length < shownAtMost) {
    const stopped = await stoppedAt(jobs, from);
    if (stopped === undefined) break;
    const { head, unit } = stopped.attack;
    slow.push(`${jobs[stopped.index]?.place} on ${JSON.stringify(head)} and many ${JSON.stringify(unit)}`);
    from = stopped.index + 1;
  }
  return slow;
}

interface Stage {
  index: number;
  attack: Attack;
}

/** Runs the jobs from one on, to the end or to the first that takes too long. */
function stoppedAt(jobs: Job[], from: number): Promise<Stage | undefined> {
  const worker = new Worker(new URL('./support/pattern-worker.js', import.meta.url), {
    workerData: { jobs, from, sizes: [characters / 64, characters / 16, characters], enoughMs: 2 },
  });
  return new Promise((resolve, reject) => {
    let stage: Stage | undefined;
    let startedAt = process.cpuUsage();
    worker.on('message', (next: Stage) => {
      stage = next;
      startedAt = process.cpuUsage();
    });
    const watch = setInterval(() => {
      const { user, system } = process.cpuUsage(startedAt);
      if (stage === undefined || (user + system) / 1_000 < limitMs) return;
      resolve(stage);
      worker.terminate();
    }, 50);
    worker.on('error', reject);
    worker.on('exit', () => {
      clearInterval(watch);
      resolve(undefined);
    });
  });
}
