import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { connectTo } from '../../../src/lab/client/endpoint.ts';
import { baseline } from '../../../src/lab/experiments/baseline.ts';
import { obstacleTo } from '../../../src/lab/experiments/obstacles.ts';
import type { LabPlan, ServicePlan } from '../../../src/lab/plan.ts';
import { LabProblem } from '../../../src/lab/problem.ts';
import { type Instance, startInstance } from '../../../src/lab/world/instance.ts';
import { startServices } from '../../../src/lab/world/services.ts';
import { lacks } from '../../support/programs.ts';
import { afterwards, servers, until, usingInstance, usingRun, weatherPlan } from '../support.ts';

const env = { COUNTER_URL: 'tcp://127.0.0.1:${PORT}' };
const counter: ServicePlan = { name: 'counter', start: 'node counter.mjs ${PORT}', env };
const redis: ServicePlan = {
  name: 'redis',
  start: "redis-server --port ${PORT} --bind 127.0.0.1 --save '' --appendonly no",
  env,
};

const plan = (service: ServicePlan, other: Partial<LabPlan> = {}): LabPlan =>
  weatherPlan({
    directory: `${servers}/beside`,
    command: 'node server.mjs ${PORT}',
    secrets: [],
    upstream: {},
    services: [service],
    ...other,
  });

async function visit(run: Awaited<ReturnType<typeof usingRun>>, instance: Instance): Promise<string> {
  const known = { endpoint: '/mcp', baseline: {} as never, tool: null, health: null };
  const client = await connectTo(run, instance, known);
  try {
    const { outcome } = await client.call('visit', {});
    return outcome.kind === 'result' ? outcome.text : JSON.stringify(outcome);
  } finally {
    await client.close();
  }
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(socket.destroy() !== undefined));
    socket.once('error', () => resolve(false));
  });
}

describe.each([
  ['a small program', counter, false],
  ['Redis', redis, lacks('redis-server', 'redis-server')],
])('%s beside the server', (_name, service, missing) => {
  it.skipIf(missing)(
    'is launched for each instance, and is no upstream that goes around the lab',
    async () => {
      const run = await usingRun(plan(service));
      const { baseline: history } = await baseline(run);
      expect(history.calls).toMatchObject([{ outcome: { kind: 'result', text: '1' } }]);
      expect(history.interposition.direct).toEqual([]);
      expect(obstacleTo('upstream', history)?.reason).toBe('The calls sent no upstream request.');
      const instance = await usingInstance(run);
      expect([await visit(run, instance), await visit(run, instance)]).toEqual(['1', '2']);
    },
  );

  it.skipIf(missing)('is shared when it is handed to instances, and stays until it is stopped', async () => {
    const run = await usingRun(plan(service));
    const services = await startServices(run);
    afterwards(services.stop);
    const first = await usingInstance(run, { services });
    const second = await usingInstance(run, { services });
    expect([await visit(run, first), await visit(run, second)]).toEqual(['1', '2']);
    await first.stop();
    expect(await visit(run, second)).toBe('3');
    const [port = 0] = services.ports;
    expect(await accepts(port)).toBe(true);
    expect(await services.stop()).toEqual([]);
    expect(await accepts(port)).toBe(false);
  });
});

describe('nothing is left', () => {
  it('of a service when its instance is stopped, or the run closed', async () => {
    const run = await usingRun(plan(counter));
    const before = await run.inspector.members({ marker: run.watchdog.marker, sessions: [] });
    const stopped = await usingInstance(run);
    expect(await stopped.stop()).toEqual([]);
    expect(await run.inspector.members({ marker: run.watchdog.marker, sessions: [] })).toEqual(before);
    const left = await startInstance(run);
    await run.close();
    expect(await left.server.processes()).toEqual([]);
    expect(await run.inspector.members({ marker: run.watchdog.marker, sessions: [] })).toEqual([]);
  });

  it('of a service when the launch of the server is interrupted', async () => {
    const over = new AbortController();
    const run = await usingRun(plan(counter, { command: 'sleep 60' }), over.signal);
    const members = () => run.inspector.members({ marker: run.watchdog.marker, sessions: [] });
    const starting = startInstance(run);
    const ended = expect(starting).rejects.toThrow('interrupted');
    await until(async () => (await members()).length >= 2);
    over.abort(new Error('interrupted'));
    await ended;
    expect(await members()).toEqual([]);
  });
});

describe('a service that does not come about', () => {
  it.each([
    [
      { name: 'store', start: 'no-such-program --port ${PORT}' },
      {
        kind: 'project',
        message: 'The service "store" cannot be started: no-such-program is not installed.',
      },
    ],
    [
      { name: 'store', start: 'no-such-program --port ${PORT} | cat; exit 127' },
      {
        kind: 'project',
        message: expect.stringMatching(/^The service "store" cannot be started: a program of "/),
      },
    ],
    [
      { name: 'store', start: 'node -e "console.error(1 + 1); process.exit(3)"' },
      {
        kind: 'project',
        message: 'The service "store" exited with code 3 before it listened. It printed: 2',
      },
    ],
    [
      { name: 'store', start: 'sleep 60' },
      { kind: 'configuration', message: expect.stringMatching(/^The service "store" did not listen within/) },
    ],
  ])('%j is said', async (service, expected) => {
    const run = await usingRun(plan(service, { startTimeoutMs: 1_500 }));
    const problem = await startInstance(run).catch((error: unknown) => error);
    expect(problem).toBeInstanceOf(LabProblem);
    expect(problem).toMatchObject(expected);
    expect(await run.inspector.members({ marker: run.watchdog.marker, sessions: [] })).toEqual([]);
  });
});
