import { Agent, request } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { type OpenWeatherMap, startOpenWeatherMap } from '../servers/openweathermap.ts';
import { type GeneratedServer, sharedProject, startGenerated } from '../support/generated-server.ts';
import { toolCall } from '../support/raw-http.ts';

let project: string;
let upstream: OpenWeatherMap;

beforeAll(async () => {
  [project, upstream] = await Promise.all([sharedProject(), startOpenWeatherMap()]);
});
afterAll(() => upstream.close());

interface Answer {
  status: number;
  retryAfter: string | undefined;
  body: string;
  ms: number;
}

async function start(): Promise<GeneratedServer> {
  upstream.mode = 'answer';
  const env = { WEATHER_BASE_URL: upstream.url, RATE_LIMIT: '1000000', UPSTREAM_TIMEOUT_MS: '60000' };
  const server = await startGenerated(project, env);
  onTestFinished(() => void server.child.kill('SIGKILL'));
  return server;
}

/** A caller over `connections` kept-alive connections, lean enough to put a server under pressure. */
function caller(server: GeneratedServer, connections: number, city = 'London'): () => Promise<Answer> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  onTestFinished(() => agent.destroy());
  const { body, headers } = toolCall(server.token, city) as { body: string; headers: Record<string, string> };
  const options = { method: 'POST', agent, headers: { ...headers, 'content-length': body.length } };
  return () =>
    new Promise((resolve, reject) => {
      const started = performance.now();
      const outgoing = request(server.url, options, (response) => {
        let text = '';
        response.on('data', (chunk) => {
          text += chunk;
        });
        response.on('error', reject);
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            retryAfter: response.headers['retry-after'],
            body: text,
            ms: performance.now() - started,
          }),
        );
      });
      outgoing.on('error', reject);
      outgoing.end(body);
    });
}

/** Every answer is the right one or a clean refusal. Returns how many were served. */
function check(answers: readonly Answer[]): number {
  for (const { status, retryAfter, body } of answers) {
    if (status === 200) expect(body).toContain('structuredContent');
    else {
      expect([status, retryAfter]).toEqual([503, '1']);
      expect(JSON.parse(body)).toMatchObject({ jsonrpc: '2.0', error: { code: -32_000 }, id: null });
    }
  }
  return answers.filter(({ status }) => status === 200).length;
}

function probe(server: GeneratedServer): Promise<number[]> {
  return Promise.all(['/livez', '/readyz'].map(async (path) => (await fetch(server.origin + path)).status));
}

test('calls beyond those it can keep in flight are refused at once, and the others are served', async () => {
  const server = await start();
  await caller(server, 1)();
  upstream.mode = 'hold';
  onTestFinished(upstream.release);
  // Not the city that is in the cache by now: these wait.
  const call = caller(server, 1_100, 'Lima');
  let refused = 0;
  const { promise: enough, resolve } = deferred();
  const calls = Array.from({ length: 1_100 }, async () => {
    const answer = await call();
    if (answer.status === 503 && ++refused === 100) resolve();
    return answer;
  });
  await enough;
  expect(await probe(server)).toEqual([200, 200]);
  upstream.release();
  const served = check(await Promise.all(calls));
  expect(served).toBeGreaterThan(0);
  expect(served).toBeLessThanOrEqual(1_000);
  await server.logged('no longer overloaded');
  expect((await call()).status).toBe(200);
  expect(await server.stop()).toBe(0);
});

function deferred(): { promise: Promise<void>; resolve: () => void } {
  let resolve = () => {};
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}

/** Calls without pause over so many connections, and what came of it. */
async function load(server: GeneratedServer, connections: number, ms: number): Promise<Answer[]> {
  const call = caller(server, connections);
  const answers: Answer[] = [];
  const end = performance.now() + ms;
  await Promise.all(
    Array.from({ length: connections }, async () => {
      while (performance.now() < end) answers.push(await call());
    }),
  );
  return answers;
}

function describeLoad(name: string, answers: readonly Answer[], ms: number): string {
  const row = (status: number) => {
    const times = answers
      .filter((answer) => answer.status === status)
      .map((answer) => answer.ms)
      .sort((a, b) => a - b);
    const at = (share: number) => Math.round(times[Math.floor((times.length - 1) * share)] ?? 0);
    const rate = Math.round((times.length / ms) * 1_000);
    return `${rate}/s p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, max ${at(1)} ms`;
  };
  return `  ${name}: served ${row(200)}; refused ${row(503)}`;
}

test('with ten times as many callers, answers stay right and probes are answered', async () => {
  const server = await start();
  const ms = 3_000;
  await load(server, 32, 1_000);
  const normal = await load(server, 100, ms);
  let over = false;
  const flood = load(server, 1_000, ms).finally(() => {
    over = true;
  });
  const probes: number[] = [];
  while (!over) {
    probes.push(...(await probe(server)));
    await delay(50);
  }
  const flooded = await flood;
  process.stdout.write(
    `Load, as the callers see it (same machine):\n${describeLoad('100 callers', normal, ms)}\n${describeLoad('1000 callers', flooded, ms)}\n`,
  );
  expect(check(flooded)).toBeGreaterThan(0);
  expect(new Set(probes)).toEqual(new Set([200]));
  expect((await caller(server, 1)()).status).toBe(200);
  expect(await server.stop()).toBe(0);
});
