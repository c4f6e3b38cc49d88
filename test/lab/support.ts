import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { inject } from 'vitest';
import { collectWire } from '../../src/collect/wire/collect.ts';
import type { Evidence } from '../../src/evidence/evidence.ts';
import { type ExperimentId, labEvidence } from '../../src/evidence/lab/lab.ts';
import { baseline } from '../../src/lab/experiments/baseline.ts';
import { experimentsOver } from '../../src/lab/experiments/experiments.ts';
import type { LabPlan } from '../../src/lab/plan.ts';
import { runSideBySide } from '../../src/lab/side-by-side.ts';
import { type Canaries, createCanaries } from '../../src/lab/world/canaries.ts';
import { startClock } from '../../src/lab/world/clock.ts';
import { type Authority, createAuthority } from '../../src/lab/world/gateway/authority.ts';
import { type Instance, type InstanceOptions, startInstance } from '../../src/lab/world/instance.ts';
import { serverEnvironment } from '../../src/lab/world/launcher/environment.ts';
import { createInspector } from '../../src/lab/world/launcher/inspection/create-inspector.ts';
import { type LaunchedServer, type LaunchOptions, launch } from '../../src/lab/world/launcher/launch.ts';
import { freePort } from '../../src/lab/world/launcher/ports.ts';
import { startWatchdog, type Watchdog } from '../../src/lab/world/launcher/watchdog.ts';
import { openWorld, type World } from '../../src/lab/world/world.ts';

const ends: (() => Promise<unknown>)[] = [];

/** Runs after the test, the last that was named first. */
export function afterwards(end: () => Promise<unknown>): void {
  ends.unshift(end);
}

/** Ends what the test left to be ended. */
export async function endTest(): Promise<void> {
  for (const end of ends.splice(0)) await end();
}

/** The directory of the servers under test. */
export const servers = fileURLToPath(new URL('../servers/lab', import.meta.url));

export function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'mcp-prod-test-'));
  afterwards(async () => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

/** Its program is bundled once for all files: to compile it anew takes longer than many a test. */
const watchdogProgram = () => [inject('watchdogProgram')];

let shared: Promise<Watchdog> | undefined;

/** One for all tests of a file. */
export function sharedWatchdog(): Promise<Watchdog> {
  shared ??= startWatchdog(watchdogProgram());
  return shared;
}

let authority: Promise<Authority> | undefined;

/** As the lab opens it, with one certificate authority for all tests: keys take long to make. */
export async function openTestWorld(
  plan: LabPlan,
  signal: AbortSignal = new AbortController().signal,
): Promise<World> {
  authority ??= createAuthority();
  return openWorld(plan, {
    signal,
    collectWire,
    authority: await authority,
    watchdogProgram: watchdogProgram(),
  });
}

/** Ends what the tests of a file shared. */
export async function endFile(): Promise<void> {
  const watchdog = await shared;
  shared = undefined;
  await watchdog?.close();
}

export interface TestLaunch extends Partial<LaunchOptions> {
  command: string;
  env?: Record<string, string>;
}

/** Launches with what a run would give, and stops it after the test. */
export async function launched({ env = {}, ...options }: TestLaunch): Promise<LaunchedServer> {
  const canaries: Canaries = options.canaries ?? createCanaries([]);
  const server = await launch({
    directory: servers,
    environment: serverEnvironment(process.env, env, canaries.values),
    port: await freePort(),
    portEnv: 'PORT',
    startTimeoutMs: 20_000,
    canaries,
    inspector: createInspector(),
    watchdog: options.watchdog ?? (await sharedWatchdog()),
    now: startClock(),
    signal: new AbortController().signal,
    ...options,
  });
  afterwards(server.stop);
  return server;
}

/** Waits for something that is seen from outside. */
export async function until(holds: () => boolean | Promise<boolean>, withinMs = 15_000): Promise<void> {
  const deadline = performance.now() + withinMs;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`It did not come about within ${withinMs} ms.`);
    await delay(20);
  }
}

export { isRunning as alive } from '../support/processes.ts';

/** Whether a living process carries one of these in its words or its environment. */
export function processesWith(...tokens: string[]): boolean {
  const all = execFileSync('ps', ['axeww', '-o', 'state=,command='], {
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  return all
    .split('\n')
    .some((line) => !line.startsWith('Z') && tokens.some((token) => line.includes(token)));
}

/** A plan for the weather servers. */
export function weatherPlan(plan: Partial<LabPlan> & { command: string }): LabPlan {
  return {
    transport: 'http',
    directory: `${servers}/weather`,
    portEnv: 'PORT',
    env: {},
    secrets: ['WEATHER_API_KEY'],
    services: [],
    upstream: { 'api.weather.test': { 'GET /v1/current': 'current.json' } },
    startTimeoutMs: 20_000,
    patienceMs: 10_000,
    clientVersion: '1.0.0',
    ...plan,
  };
}

/** A world that is closed after the test. */
export async function usingRun(
  plan: Partial<LabPlan> & { command: string },
  signal?: AbortSignal,
): Promise<World> {
  const world = await openTestWorld(weatherPlan(plan), signal);
  afterwards(world.close);
  return world;
}

export async function usingInstance(run: World, options?: InstanceOptions): Promise<Instance> {
  const instance = await startInstance(run, options);
  afterwards(instance.stop);
  return instance;
}

/** Calls the tool as a client of 2025-11-25 would. Returns the text of its result. */
export async function askWeather({ server }: Instance, city = 'London'): Promise<string> {
  const response = await fetch(new URL('/mcp', server.origin ?? ''), {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream' },
    body: JSON.stringify({
      jsonrpc: '2.0',
      id: 1,
      method: 'tools/call',
      params: { name: 'get_weather', arguments: { city } },
    }),
  });
  const { result } = (await response.json()) as { result: { content: { text: string }[] } };
  return result.content[0]?.text ?? '';
}

/** Runs these experiments as the lab does, side by side, and gives back what rows judge by. */
export async function experimentsOn(
  plan: Partial<LabPlan> & { command: string },
  ...ids: ExperimentId[]
): Promise<Pick<Evidence, 'lab'>> {
  const run = await openTestWorld(weatherPlan(plan));
  try {
    const known = await baseline(run);
    const outcomes = await runSideBySide(
      run,
      known,
      experimentsOver(run.plan.transport).filter(({ id }) => ids.includes(id)),
      { budget: new AbortController().signal, report: () => {} },
    );
    const lab = labEvidence.parse({
      transport: run.plan.transport,
      command: plan.command,
      platform: process.platform,
      secrets: Object.keys(run.canaries.values),
      secretsNamed: run.plan.secrets !== undefined,
      credential: plan.credential ?? null,
      baseline: known.baseline,
      unserved: null,
      ownWire: false,
      experiments: Object.fromEntries(outcomes.map(({ id, result }) => [id, result])),
      durations: Object.fromEntries(outcomes.map(({ id, durationMs }) => [id, durationMs])),
      durationMs: 0,
    });
    return { lab };
  } finally {
    // Not after the test: others may run beside it.
    await run.close();
  }
}
