import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { createCanaries } from '../../../src/lab/world/canaries.ts';
import { createCredential } from '../../../src/lab/world/gateway/credential.ts';
import { prepareInterposition } from '../../../src/lab/world/interposition/interposition.ts';
import { serverEnvironment } from '../../../src/lab/world/launcher/environment.ts';
import { temporaryDirectory } from '../support.ts';

const aheadMs = 61_000;
/** Milliseconds: far more than a loaded machine needs for these few lines. */
const bound = 30_000;

async function environment(movableClock: boolean) {
  const interposition = await prepareInterposition({
    directory: temporaryDirectory(),
    gatewayPort: 9,
    credential: createCredential(),
    hosts: [],
    services: [],
    certificate: '',
    canaries: createCanaries([]),
    movableClock,
  });
  return { interposition, env: serverEnvironment(process.env, interposition.environment) };
}

/** What the program prints, by name, in milliseconds. */
async function clocksOf(file: string, words: string[]): Promise<Record<string, number>> {
  const { interposition, env } = await environment(true);
  await interposition.moveClock(aheadMs);
  const { stdout } = await execa(file, words, { env, extendEnv: false });
  return JSON.parse(stdout);
}

describe('a clock that is moved', () => {
  it('is ahead in Node, in workers too, but for its timers', async () => {
    const clocks = await clocksOf(process.execPath, [
      '-e',
      `const { Worker } = require('node:worker_threads');
       const [seconds, nanoseconds] = process.hrtime();
       const monotonic = { bigint: Number(process.hrtime.bigint()) / 1e6, hrtime: seconds * 1e3 + nanoseconds / 1e6 };
       const [passed] = process.hrtime([seconds, nanoseconds]);
       const same = new Date(0) instanceof Date && new Date().constructor === Date && new Date(5).getTime() === 5;
       const begin = Date.now();
       setTimeout(() => {
         const timerMs = Date.now() - begin;
         new Worker('require("node:worker_threads").parentPort.postMessage(Date.now())', { eval: true })
           .once('message', (worker) => console.log(JSON.stringify({
             now: Date.now(), date: new Date().getTime(), text: Date.parse(Date()), worker, ...monotonic,
             performance: performance.now(), timerMs, passed, same: Number(same),
           })));
       }, 20);`,
    ]);
    const {
      now,
      date,
      text,
      worker,
      bigint,
      hrtime,
      performance: sinceStart,
      timerMs,
      passed,
      same,
    } = clocks;
    for (const told of [now, date, text, worker]) {
      expect(Number(told) - Date.now()).toBeGreaterThan(aheadMs - bound);
      expect(Number(told) - Date.now()).toBeLessThanOrEqual(aheadMs);
    }
    const real = Number(process.hrtime.bigint()) / 1e6;
    for (const told of [bigint, hrtime]) expect(Number(told) - real).toBeGreaterThan(aheadMs - bound);
    expect(sinceStart).toBeGreaterThan(aheadMs);
    expect(timerMs).toBeLessThan(bound);
    expect({ passed, same }).toEqual({ passed: 0, same: 1 });
  });

  it('is ahead in Python', async () => {
    const clocks = await clocksOf('/usr/bin/python3', [
      '-c',
      `import json, time
from time import time as imported
real = lambda clock: time.clock_gettime(clock) * 1000
print(json.dumps({
    "time": time.time() * 1000 - real(time.CLOCK_REALTIME),
    "imported": imported() * 1000 - real(time.CLOCK_REALTIME),
    "time_ns": time.time_ns() / 1e6 - real(time.CLOCK_REALTIME),
    "monotonic": time.monotonic() * 1000 - real(time.CLOCK_MONOTONIC),
    "monotonic_ns": time.monotonic_ns() / 1e6 - real(time.CLOCK_MONOTONIC),
    "perf_counter": time.perf_counter() * 1000 - real(time.CLOCK_MONOTONIC),
    "perf_counter_ns": time.perf_counter_ns() / 1e6 - real(time.CLOCK_MONOTONIC),
}))`,
    ]);
    expect(Object.keys(clocks)).toHaveLength(7);
    for (const ahead of Object.values(clocks)) {
      expect(ahead).toBeGreaterThan(aheadMs - bound);
      expect(ahead).toBeLessThan(aheadMs + bound);
    }
  });

  it('is the real one in every other launch', async () => {
    const { interposition, env } = await environment(false);
    await expect(interposition.moveClock(aheadMs)).rejects.toThrow('cannot be moved');
    expect(JSON.stringify(env)).not.toMatch(/clock/i);
  });
});
