// Runs patterns over texts that were made against them, in a thread that can be ended.
import { parentPort, workerData } from 'node:worker_threads';

const { jobs, from, sizes, enoughMs } = workerData;
/** What no pattern expects after a run. */
const end = '\n\u0001';

function takes(pattern, { head, unit }, characters) {
  const text = head + unit.repeat(Math.max(1, Math.floor((characters - head.length) / unit.length))) + end;
  const startedAt = performance.now();
  // As they are used: one answer, or everything that is found.
  if (pattern.global) text.replace(pattern, '');
  else pattern.test(text);
  return performance.now() - startedAt;
}

for (let index = from; index < jobs.length; index += 1) {
  const { source, flags, attacks } = jobs[index];
  for (const attack of attacks) {
    parentPort.postMessage({ index, attack });
    // What is fast on a piece of the text is fast on all of it, even if it takes the square of the time.
    for (const size of sizes) {
      if (takes(new RegExp(source, flags), attack, size) < enoughMs) break;
    }
  }
}
