import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { type OpenWeatherMap, startOpenWeatherMap, temperatureOf } from '../servers/openweathermap.ts';
import { type GeneratedServer, sharedProject, startGenerated } from '../support/generated-server.ts';
import { connectHttp, connectSse } from '../support/mcp-clients.ts';
import { dial, received, subscription, toolCall } from '../support/raw-http.ts';

let project: string;
let upstream: OpenWeatherMap;
const figures: string[] = [];

beforeAll(async () => {
  [project, upstream] = await Promise.all([sharedProject({ sse: true }), startOpenWeatherMap()]);
});
afterAll(async () => {
  await upstream.close();
  process.stdout.write(
    `${['SIGTERM in every state: exit code, ms from signal to exit', ...figures].join('\n')}\n`,
  );
});

interface Situation {
  server: GeneratedServer;
  /** A city that nobody has asked for: its answer is in no cache. */
  city: string;
  /** Resolves when the weather service has been asked once more. */
  asked: Promise<void>;
}

interface State {
  name: string;
  env?: Record<string, string>;
  signal?: NodeJS.Signals;
  /** How the server treats the weather service's answers: held back until the shutdown has begun, or for ever. */
  answers?: 'after the signal' | 'never';
  exit: number;
  /** Brings the server into the state. Returns what to check when it has exited. */
  enter(situation: Situation): Promise<(() => Promise<void>) | undefined>;
  /** What happens while it shuts down. */
  meanwhile?(situation: Situation): Promise<void>;
}

const bearer = { authorization: 'Bearer a-client-key' };
const httpHeaders =
  'host: localhost\r\nauthorization: Bearer a-client-key\r\ncontent-type: application/json\r\n';

/** A call over Streamable HTTP that waits for the weather service. */
async function callInFlight({ server, city, asked }: Situation, kind: 'v1' | 'v2 modern' | 'v2 legacy') {
  const client = await connectHttp(kind, server.url, server.token);
  const call = client.callTool({ name: 'get_weather', arguments: { city } });
  call.catch(() => {});
  await asked;
  return { call };
}

/** An open stream. Resolves with how it ended: with what was on it, or `reset`. */
async function open(url: string, init: RequestInit): Promise<{ ended: Promise<string> }> {
  const response = await fetch(url, init);
  expect(response.headers.get('content-type')).toContain('text/event-stream');
  return { ended: response.text().catch(() => 'reset') };
}

const states: State[] = [
  { name: 'idle', exit: 0, enter: async () => undefined },
  { name: 'idle, SIGINT', signal: 'SIGINT', exit: 0, enter: async () => undefined },
  {
    name: 'an idle connection',
    exit: 0,
    enter: async ({ server }) => {
      const socket = await dial(server.origin);
      socket.write('GET /livez HTTP/1.1\r\nhost: localhost\r\n\r\n');
      await received(socket, /alive/);
      return undefined;
    },
  },
  {
    name: 'half of the headers sent',
    exit: 0,
    enter: async ({ server }) => {
      (await dial(server.origin)).write('POST /mcp HTTP/1.1\r\nhost: loc');
      await fetch(`${server.origin}/livez`);
      return undefined;
    },
  },
  {
    name: 'half of a body sent',
    exit: 0,
    enter: async ({ server }) => {
      (await dial(server.origin)).write(
        `POST /mcp HTTP/1.1\r\n${httpHeaders}content-length: 100\r\n\r\n{"jsonrpc"`,
      );
      await fetch(`${server.origin}/livez`);
      return undefined;
    },
  },
  ...(['v1', 'v2 legacy', 'v2 modern'] as const).map(
    (kind): State => ({
      name: `a call in flight (${kind})`,
      answers: 'after the signal',
      exit: 0,
      enter: async (situation) => {
        const { call } = await callInFlight(situation, kind);
        return async () => {
          expect((await call).structuredContent).toMatchObject({
            temperature: temperatureOf(situation.city),
          });
        };
      },
    }),
  ),
  {
    name: 'a call in flight, its answer begun',
    answers: 'after the signal',
    exit: 0,
    enter: async ({ server, city, asked }) => {
      // Who asks for progress gets a stream, which is open before the answer is known.
      const response = await fetch(server.url, toolCall(server.token, city, { progressToken: 1 }));
      await asked;
      expect(response.headers.get('content-type')).toContain('text/event-stream');
      const body = response.text();
      return async () => expect(await body).toContain('structuredContent');
    },
  },
  {
    name: 'a call longer than the bound',
    env: { SHUTDOWN_TIMEOUT_MS: '300' },
    answers: 'never',
    exit: 1,
    enter: async (situation) => {
      const { call } = await callInFlight(situation, 'v2 modern');
      return async () => {
        await expect(call).rejects.toThrow();
        expect(situation.server.lines.join()).toContain('calls cut off');
      };
    },
  },
  {
    name: 'a call, and a second signal',
    answers: 'never',
    exit: 1,
    enter: async (situation) => {
      const { call } = await callInFlight(situation, 'v2 modern');
      return () => expect(call).rejects.toThrow();
    },
    meanwhile: async ({ server }) => void server.child.kill('SIGTERM'),
  },
  {
    name: 'nothing to do, and a second signal during the delay',
    env: { SHUTDOWN_DELAY_MS: '60000' },
    exit: 0,
    enter: async () => undefined,
    meanwhile: async ({ server }) => void server.child.kill('SIGTERM'),
  },
  {
    name: 'a delay of 300 ms, calls until the end',
    env: { SHUTDOWN_DELAY_MS: '300' },
    exit: 0,
    enter: async () => undefined,
    meanwhile: async ({ server, city }) => {
      expect((await fetch(`${server.origin}/readyz`)).status).toBe(503);
      const served = await fetch(server.url, toolCall(server.token, city));
      expect([served.status, served.headers.get('connection')]).toEqual([200, 'close']);
      expect(await served.text()).toContain('structuredContent');
    },
  },
  {
    name: '20 subscriptions',
    exit: 0,
    enter: async ({ server }) => {
      const streams = await Promise.all(
        Array.from({ length: 20 }, (_, id) => open(server.url, subscription(server.token, id))),
      );
      return async () => {
        for (const { ended } of streams) expect(await ended).toContain('"complete"');
      };
    },
  },
  {
    name: '20 event streams (HTTP+SSE)',
    exit: 0,
    enter: async ({ server }) => {
      const streams = await Promise.all(
        Array.from({ length: 20 }, () => open(`${server.origin}/sse`, { headers: bearer })),
      );
      return async () => {
        for (const { ended } of streams) expect(await ended).toContain('event: endpoint');
      };
    },
  },
  {
    name: 'a call in flight over HTTP+SSE',
    answers: 'after the signal',
    exit: 0,
    enter: async ({ server, city, asked }) => {
      const client = await connectSse(`${server.origin}/sse`, server.token);
      onTestFinished(() => client.close());
      const call = client.callTool({ name: 'get_weather', arguments: { city } });
      await asked;
      return async () => {
        expect((await call).structuredContent).toMatchObject({ temperature: temperatureOf(city) });
      };
    },
  },
  {
    name: 'an event stream that nobody reads',
    env: { RATE_LIMIT: '1000' },
    exit: 0,
    enter: async ({ server }) => {
      const socket = await dial(server.origin);
      const first = received(socket, /sessionId=\S+/);
      socket.write(`GET /sse HTTP/1.1\r\n${httpHeaders}\r\n`);
      await first;
      socket.pause();
      return undefined;
    },
  },
  {
    name: 'a log that nobody reads any more',
    exit: 0,
    enter: async ({ server }) => {
      server.child.stdout?.destroy();
      expect((await fetch(`${server.origin}/livez`)).status).toBe(200);
      return undefined;
    },
  },
];

async function start(env: Record<string, string> = {}): Promise<Situation> {
  upstream.mode = 'answer';
  const server = await startGenerated(project, { WEATHER_BASE_URL: upstream.url, ...env });
  onTestFinished(() => void server.child.kill('SIGKILL'));
  return {
    server,
    city: `Town ${server.child.pid}`,
    asked: upstream.received(upstream.requests.length + 1),
  };
}

function note(name: string, exit: number | null, started: number): void {
  figures.push(
    `  ${exit} ${Math.round(performance.now() - started)
      .toString()
      .padStart(6)}  ${name}`,
  );
}

test.each(states)(
  'SIGTERM in this state: $name',
  async ({ name, env, signal, answers, exit, enter, meanwhile }) => {
    const situation = await start(env);
    const { server } = situation;
    if (answers !== undefined) upstream.mode = 'hold';
    onTestFinished(upstream.release);
    const check = await enter(situation);

    const started = performance.now();
    server.child.kill(signal ?? 'SIGTERM');
    if (server.child.stdout?.readable) await server.logged('shutting down');
    await meanwhile?.(situation);
    if (answers === 'after the signal') upstream.release();
    const code = await server.exited;
    note(name, code, started);

    expect(code).toBe(exit);
    await check?.();
    // A server whose log is gone says so there.
    if (server.child.stdout?.readable || server.child.stdout?.readableEnded) expect(server.errors()).toBe('');
    // Nothing is left that could still answer.
    await expect(fetch(`${server.origin}/livez`)).rejects.toThrow();
  },
);

describe('before it serves', () => {
  test('a signal while it loads ends it', async () => {
    // Sends the signal to itself as soon as somebody listens for it, which must be before everything else is loaded.
    const onListener =
      'data:text/javascript,process.on("newListener",(e)=>e==="SIGTERM"&&setImmediate(()=>process.kill(process.pid,e)))';
    const started = performance.now();
    const child = spawn(process.execPath, ['--import', onListener, 'dist/index.js'], {
      cwd: project,
      env: { PATH: process.env.PATH, PORT: '0', MCP_API_KEY: 'a-client-key', OPENWEATHER_API_KEY: 'a-key' },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [output, [code]] = await Promise.all([text(child.stdout), once(child, 'exit')]);
    note('loading', code, started);
    expect(code).toBe(0);
    // Newer versions of Node load everything in one go, and hear of the signal when the server is there: it ends at once.
    if (output !== '') expect(output).toMatch(/"message":"shutting down"[\s\S]*"message":"stopped"/);
  });
});

test('a shutdown that gets stuck is ended, with 1', async () => {
  upstream.mode = 'answer';
  const stuck =
    'data:text/javascript,import h from "node:http";h.Server.prototype.close=function(){return this}';
  const command = [process.execPath, '--import', stuck, 'dist/index.js'] as const;
  const env = { WEATHER_BASE_URL: upstream.url, SHUTDOWN_TIMEOUT_MS: '0' };
  const server = await startGenerated(project, env, command);
  onTestFinished(() => void server.child.kill('SIGKILL'));
  const started = performance.now();
  const code = await server.stop();
  note('a port that cannot be closed', code, started);
  expect(code).toBe(1);
  expect(server.lines.join()).toContain('the shutdown is stuck');
});

const canBePid1 = (() => {
  try {
    execFileSync('unshare', ['--pid', '--fork', '--mount-proc', 'true'], { stdio: 'ignore' });
    return true;
  } catch {
    process.stdout.write('Not tested as process 1 of a PID namespace: this user may not make one.\n');
    return false;
  }
})();

describe.runIf(canBePid1)('as process 1 of a container', () => {
  // Signals that process 1 has no handler for are dropped.
  const inNamespace = ['unshare', '--pid', '--fork', '--mount-proc', process.execPath] as const;

  test('the call in flight finishes, and it exits with 0', async () => {
    upstream.mode = 'answer';
    const command = [...inNamespace, 'dist/index.js'] as const;
    const server = await startGenerated(project, { WEATHER_BASE_URL: upstream.url }, command);
    const children = readFileSync(`/proc/${server.child.pid}/task/${server.child.pid}/children`, 'utf8');
    const pid = Number(children.trim());
    onTestFinished(() => {
      if (server.child.exitCode === null) process.kill(pid, 'SIGKILL');
    });
    upstream.mode = 'hold';
    const city = `Town ${pid}`;
    const asked = upstream.received(upstream.requests.length + 1);
    const { call } = await callInFlight({ server, city, asked }, 'v2 modern');
    const started = performance.now();
    process.kill(pid, 'SIGTERM');
    await server.logged('shutting down');
    upstream.release();
    const code = await server.exited;
    note('process 1, a call in flight', code, started);
    expect(code).toBe(0);
    expect((await call).structuredContent).toMatchObject({ temperature: temperatureOf(city) });
  });
});

describe('over stdio', () => {
  async function startStdio() {
    upstream.mode = 'answer';
    const child = spawn(process.execPath, ['dist/stdio.js'], {
      cwd: project,
      env: { PATH: process.env.PATH, OPENWEATHER_API_KEY: 'an-upstream-key', WEATHER_BASE_URL: upstream.url },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    onTestFinished(() => void child.kill('SIGKILL'));
    const output = text(child.stdout).catch(() => 'unread');
    const log = text(child.stderr);
    const exited = once(child, 'close').then(([code]) => code as number | null);
    const say = (message: object) => child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
    const clientInfo = { name: 'test', version: '1' };
    const asked = upstream.received(upstream.requests.length + 1);
    upstream.mode = 'hold';
    onTestFinished(upstream.release);
    say({
      id: 0,
      method: 'initialize',
      params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo },
    });
    say({ method: 'notifications/initialized' });
    const city = `Town ${child.pid}`;
    say({ id: 1, method: 'tools/call', params: { name: 'get_weather', arguments: { city } } });
    await asked;
    return { child, output, log, exited };
  }

  test.each(['SIGTERM', 'end of input'])('%s: the call in flight is answered', async (what) => {
    const { child, output, exited } = await startStdio();
    const started = performance.now();
    if (what === 'SIGTERM') child.kill('SIGTERM');
    else child.stdin.end();
    // Neither has a visible effect before the answer. It must not have ended the process, either.
    await delay(100);
    expect(child.exitCode).toBe(null);
    upstream.release();
    const code = await exited;
    note(`stdio, ${what}, a call in flight`, code, started);
    expect(code).toBe(0);
    expect(await output).toContain('"structuredContent"');
  });

  test('a second signal ends it at once, with 1 because a call is cut off', async () => {
    const { child, exited } = await startStdio();
    child.kill('SIGTERM');
    await delay(100);
    child.kill('SIGTERM');
    expect(await exited).toBe(1);
  });

  test('a client that is gone ends it', async () => {
    const { child, exited } = await startStdio();
    child.stdout.destroy();
    upstream.release();
    expect(await exited).toBe(0);
  });
});
