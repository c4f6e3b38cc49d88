import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import type { LaunchFacts } from '../../../src/evidence/lab/launch.ts';
import { createCanaries } from '../../../src/lab/world/canaries.ts';
import { commandLine } from '../../../src/lab/world/launcher/command.ts';
import { createInspector } from '../../../src/lab/world/launcher/inspection/create-inspector.ts';
import { inspectPortably } from '../../../src/lab/world/launcher/inspection/portable.ts';
import type { LaunchedServer } from '../../../src/lab/world/launcher/launch.ts';
import { freePort } from '../../../src/lab/world/launcher/ports.ts';
import { alive, launched, servers, sharedWatchdog } from '../support.ts';

const directory = `${servers}/shapes`;

describe('the start command', () => {
  it.each([
    ['node dist/index.js', { file: 'node', args: ['dist/index.js'], shell: false }],
    ['npm start', { file: 'npm', args: ['start'], shell: false }],
    [
      'node "my server/index.js" --name=\'a b\'',
      { file: 'node', args: ['my server/index.js', '--name=a b'], shell: false },
    ],
    ['MODE=x node .', { file: '/bin/sh', args: ['-c', 'MODE=x node .'], shell: true }],
    ['node . | tee log', { file: '/bin/sh', args: ['-c', 'node . | tee log'], shell: true }],
    ['node "$HOME/x"', { file: '/bin/sh', args: ['-c', 'node "$HOME/x"'], shell: true }],
    ['cd app && node .', { file: '/bin/sh', args: ['-c', 'cd app && node .'], shell: true }],
  ])('%s', (command, expected) => {
    expect(commandLine(command)).toEqual(expected);
  });

  it.each([
    'node plain.mjs',
    'npm start',
    'npx tsx typed.ts',
    'node plain.cjs',
    'python3 plain.py',
    'cd . && node plain.cjs',
  ])('%s listens where it was told to, and nothing of it stays', async (command) => {
    const server = await launched({ command, directory });
    const { outcome, port } = server.facts();
    expect(outcome).toMatchObject({ kind: 'listening', port, portIgnored: false });
    expect(server.origin?.href).toBe(`http://127.0.0.1:${port}/`);
    expect((await fetch(server.origin ?? '')).status).toBe(200);
    const processes = await server.processes();
    expect(await server.stop()).toEqual([]);
    expect(processes.filter(alive)).toEqual([]);
    expect(await accepts(port ?? 0)).toBe(false);
  });
});

describe('what is seen of a launch', () => {
  it('is the listener as the system knows it', async () => {
    const server = await launched({ command: 'npm start', directory });
    const { outcome, pid } = server.facts();
    if (outcome.kind !== 'listening') throw new Error(outcome.kind);
    const { listener } = outcome;
    expect(listener.pid).not.toBe(pid);
    expect(listener.session).toEqual(expect.arrayContaining([pid, listener.pid]));
    expect(listener.uid).toBe(process.getuid?.());
    expect(listener.residentBytes).toBeGreaterThan(10_000_000);
    expect(listener.openFiles).toBeGreaterThan(3);
    expect(listener.listens).toEqual([`127.0.0.1:${outcome.port}`]);
    if (process.platform === 'linux') expect(listener.openFilesLimit?.soft).toBeGreaterThan(100);
  });

  it('is the same by ps and lsof', async () => {
    const watchdog = await sharedWatchdog();
    const server = await launched({ command: 'npm start', directory, watchdog });
    const portable = inspectPortably(process.platform);
    const { outcome, pid } = server.facts();
    if (outcome.kind !== 'listening') throw new Error(outcome.kind);
    const members = await portable.members({ marker: watchdog.marker, sessions: [] });
    expect(members.sort()).toEqual((await server.processes()).sort());
    const bySession = await portable.members({ marker: 'no such run', sessions: [pid] });
    expect(bySession.sort()).toEqual(members);
    expect(await portable.listening(members)).toEqual(await createInspector().listening(members));
    const { uid, openFiles } = await portable.details(outcome.listener.pid);
    expect({ uid, openFiles }).toEqual({ uid: outcome.listener.uid, openFiles: expect.any(Number) });
  });

  it.each([
    ['0.0.0.0', '0.0.0.0:'],
    ['::', '[::]:'],
    ['::1', '[::1]:'],
  ])('is the address: %s', async (bind, listens) => {
    const server = await launched({ command: 'node plain.mjs', directory, env: { BIND: bind } });
    const { port } = server.facts();
    expect((await server.listener())?.listens).toEqual([`${listens}${port}`]);
    expect((await fetch(server.origin ?? '')).status).toBe(200);
  });

  it('is that the port was ignored', async () => {
    const server = await launched({ command: 'node plain.mjs', directory, env: { BEHAVIOUR: 'own-port' } });
    const { outcome, port } = server.facts();
    expect(outcome).toMatchObject({ kind: 'listening', portIgnored: true });
    expect(server.origin?.port).not.toBe(String(port));
    expect((await fetch(server.origin ?? '')).status).toBe(200);
  });

  it('is how a start ended that failed, with its last words, masked', async () => {
    const canaries = createCanaries(['API_KEY']);
    const server = await launched({
      command: 'node plain.mjs',
      directory,
      env: { BEHAVIOUR: 'fails' },
      canaries,
    });
    const facts = server.facts();
    expect(facts.outcome).toEqual({ kind: 'exited' });
    expect(facts.exit).toMatchObject({ code: 3, signal: null });
    expect(facts.output.lines).toEqual([
      {
        stream: 'stderr',
        atMs: expect.any(Number),
        text: 'Cannot start: API_KEY=<canary API_KEY> is no key',
        canaries: ['API_KEY'],
      },
    ]);
    expect(JSON.stringify(facts)).not.toContain(canaries.values.API_KEY);
  });

  it('is that a program is not there', async () => {
    const server = await launched({ command: 'no-such-program --serve', directory });
    expect(server.facts()).toMatchObject({ outcome: { kind: 'exited' }, exit: { code: 127 } });
  });

  it('is that nothing listened in time', async () => {
    const server = await launched({
      command: 'node plain.mjs',
      directory,
      env: { BEHAVIOUR: 'deaf' },
      startTimeoutMs: 1_000,
    });
    expect(server.facts().outcome).toMatchObject({ kind: 'silent', processes: [server.facts().pid] });
    expect(server.origin).toBeNull();
  });

  it('is bounded output with what was left out', async () => {
    const server = await launched({ command: 'node plain.mjs', directory, env: { BEHAVIOUR: 'loud' } });
    // What it wrote before it listened is read before its last words come on another pipe.
    await expect.poll(() => server.facts().output.droppedLines).toBeGreaterThanOrEqual(3_000);
    server.signalCommand('SIGTERM');
    expect(await server.exited).toMatchObject({ code: 0, signal: null });
    await server.stop();
    const { lines, droppedLines, droppedBytes } = server.facts().output;
    expect(lines.length).toBe(2_000);
    expect(lines.find(({ text }) => text.startsWith('xxx'))).toMatchObject({ cut: true });
    expect(Math.max(...lines.map(({ text }) => text.length))).toBe(16 * 1024);
    expect(lines.filter(({ stream }) => stream === 'stderr').at(-1)).toMatchObject({
      text: 'last words without an end',
      cut: true,
    });
    expect(droppedLines).toBeGreaterThan(3_000);
    expect(droppedBytes).toBeGreaterThan(80_000);
  });

  it('holds nothing of the auditor’s own environment but the ordinary', async () => {
    process.env.AUDITORS_SECRET = 'not-for-the-server';
    const server = await launched({ command: 'node plain.mjs', directory });
    delete process.env.AUDITORS_SECRET;
    const seen = (await (await fetch(server.origin ?? '')).json()) as Record<string, string>;
    expect(seen).not.toHaveProperty('AUDITORS_SECRET');
    expect(seen).toMatchObject({ NODE_ENV: 'production', PATH: process.env.PATH });
  });
});

describe('a signal', () => {
  it('to the start command reaches the wrapper alone', async () => {
    const server = await launched({ command: "sh -c 'node plain.mjs; true'", directory });
    expect(server.signalCommand('SIGTERM')).toBe(true);
    expect(await server.exited).toMatchObject({ signal: 'SIGTERM' });
    expect((await fetch(server.origin ?? '')).status).toBe(200);
    expect(server.signalCommand('SIGTERM')).toBe(false);
    const pid = pidOfListener(server.facts());
    expect(alive(pid)).toBe(true);
    await server.stop();
    expect(alive(pid)).toBe(false);
    expect(await server.listener()).toBeNull();
  });
});

describe('a stop', () => {
  it('ends children as well, those that left the session too', async () => {
    const server = await launched({ command: 'node plain.mjs', directory, env: { BEHAVIOUR: 'children' } });
    await whenProcesses(server, 4);
    const processes = await server.processes();
    expect(await server.stop()).toEqual([]);
    expect(processes.filter(alive)).toEqual([]);
  });

  it('comes with an interrupt, at any moment', async () => {
    const watchdog = await sharedWatchdog();
    for (const after of [0, 20, 150, 400]) {
      const interrupt = new AbortController();
      setTimeout(() => interrupt.abort(), after);
      const starting = launched({
        command: 'node plain.mjs',
        directory,
        watchdog,
        signal: interrupt.signal,
        env: { BEHAVIOUR: 'deaf' },
      });
      await expect(starting).rejects.toThrow(/aborted/);
      const left = await createInspector().members({ marker: watchdog.marker, sessions: [] });
      expect(left).toEqual([]);
    }
  });
});

async function whenProcesses(server: LaunchedServer, count: number): Promise<void> {
  while ((await server.processes()).length < count) await new Promise((resolve) => setTimeout(resolve, 20));
}

function pidOfListener({ outcome }: LaunchFacts): number {
  return outcome.kind === 'listening' ? outcome.listener.pid : 0;
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(!socket.destroy().connecting));
    socket.once('error', () => resolve(false));
  });
}

it('free ports are free', async () => {
  const port = await freePort();
  expect(await accepts(port)).toBe(false);
});
