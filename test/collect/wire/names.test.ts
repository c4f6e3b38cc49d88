import type { LookupAddress, LookupOptions } from 'node:dns';
import { createServer } from 'node:net';
import { expect, test, vi } from 'vitest';
import { lookupBy, resolvedOnce } from '../../../src/collect/wire/http/names.ts';
import { createOtherOrigins } from '../../../src/collect/wire/http/other-origins.ts';
import { startPressedServer } from '../../servers/pressed.ts';
import { clientLines, collect, using } from './support.ts';

const at = (address: string): LookupAddress => ({ address, family: address.includes(':') ? 6 : 4 });

/** As a socket asks; a callback that never comes fails the test by its time. */
const asked = (resolve: Parameters<typeof lookupBy>[0], options: LookupOptions): Promise<unknown[]> =>
  new Promise((done) => {
    lookupBy(resolve)('a.example', options, (...answer) => done(answer));
  });

test('a name that leads elsewhere meanwhile takes no connection of the audit there', async () => {
  const server = await using(startPressedServer({ limitBy: 'address' }));
  const inside = createServer();
  const reached = vi.fn();
  inside.on('connection', (socket) => reached(socket.destroy()));
  await new Promise<void>((resolve) => inside.listen(Number(server.url.port), '127.0.0.2', resolve));
  const questions: string[] = [];
  const url = new URL(server.url);
  url.hostname = 'rebound.example';
  const evidence = await collect(server, {
    url,
    burst: true,
    resolve: async (hostname) => {
      questions.push(hostname);
      return [at(questions.length === 1 ? '127.0.0.1' : '127.0.0.2')];
    },
  });
  await new Promise((resolve) => inside.close(resolve));

  expect(clientLines(evidence)[0]).toBe('sdk-v2 streamable-http modern: 2026-07-28');
  expect(evidence.loopback).toBe(true);
  // The burst's other client comes from an address of its own, over a connection of its own.
  if (process.platform === 'linux') {
    expect(evidence.burst?.followUps.some(({ from }) => from === '127.0.0.2')).toBe(true);
  }
  expect(reached).not.toHaveBeenCalled();
  expect(questions).toEqual(['rebound.example']);
});

test('a name that cannot be resolved is asked for once, and is evidence', async () => {
  const server = await using(startPressedServer());
  const resolve = vi.fn(async () => {
    throw Object.assign(new Error('getaddrinfo ENOTFOUND gone.example'), { code: 'ENOTFOUND' });
  });
  const evidence = await collect(server, { url: new URL('http://gone.example/mcp'), resolve });
  expect(clientLines(evidence)).toEqual(['sdk-v2 streamable-http modern: unknown-host']);
  expect(resolve).toHaveBeenCalledOnce();
});

test('a name that is never resolved ends with the time of a request, the budget and the interrupt', async () => {
  const server = await using(startPressedServer());
  const url = new URL('http://slow.example/mcp');
  const resolve = () => new Promise<never>(() => {});
  const evidence = await collect(server, { url, resolve, timeoutMs: 100 });
  expect(clientLines(evidence)[0]).toBe('sdk-v2 streamable-http modern: timeout');
  const spent = await collect(server, { url, resolve, budgetMs: 100 });
  expect(spent.omitted.at(-1)?.reason).toBe('The budget of 100 ms was spent.');
  const interrupt = new AbortController();
  const collecting = collect(server, {
    url,
    signal: interrupt.signal,
    resolve: () => {
      interrupt.abort(new Error('interrupted'));
      return resolve();
    },
  });
  await expect(collecting).rejects.toThrow('interrupted');
});

test('another origin is looked at once, and is reached where it was then', async () => {
  const answers = ['8.8.8.8', '127.0.0.1'];
  const otherOrigins = createOtherOrigins({
    url: new URL('http://192.0.2.1:3000/mcp'),
    timeoutMs: 1_000,
    resolve: resolvedOnce(async () => [at(answers.shift() ?? '')]),
  });
  for (const path of ['first', 'second']) {
    expect(await otherOrigins.route(new URL(`https://other.example/${path}`))).toHaveProperty('dispatcher');
  }
  expect(answers).toEqual(['127.0.0.1']);
  await otherOrigins.close();
});

test('sockets get the one answer in the form in which they ask', async () => {
  const both = async () => [at('::1'), at('127.0.0.1')];
  expect(await asked(both, { all: true })).toEqual([null, [at('::1'), at('127.0.0.1')]]);
  expect(await asked(both, {})).toEqual([null, '::1', 6]);
  expect(await asked(both, { family: 4 })).toEqual([null, '127.0.0.1', 4]);
  expect(await asked(both, { family: 'IPv6', all: true })).toEqual([null, [at('::1')]]);
});

test('an answer without a usable address is a failure, which a socket would not see', async () => {
  const noAddress = { code: 'ENOTFOUND', message: 'a.example has no address.' };
  expect(
    await asked(
      resolvedOnce(async () => []),
      { all: true },
    ),
  ).toEqual([expect.objectContaining(noAddress), []]);
  expect(
    await asked(
      resolvedOnce(async () => [at('no address')]),
      {},
    ),
  ).toEqual([expect.objectContaining(noAddress), '']);
  expect(await asked(async () => [at('::1')], { family: 4 })).toEqual([
    expect.objectContaining(noAddress),
    '',
  ]);
});
