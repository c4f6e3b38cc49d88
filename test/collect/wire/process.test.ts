import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import type { WireEvidence } from '../../../src/evidence/wire.ts';
import { brokenServers } from '../../servers/broken.ts';
import { startDualEraServer } from '../../servers/dual-era.ts';
import { certificateFile, type TestServer } from '../../servers/listen.ts';
import { startStatefulServer } from '../../servers/stateful.ts';
import { answerOf, clientLines, using } from './support.ts';

/** Collects in a process of its own, and says for how many milliseconds that process waited for something afterwards. */
async function collectElsewhere(
  { token }: TestServer,
  url: URL,
  env: Record<string, string> = {},
): Promise<{ evidence: WireEvidence; waited: number }> {
  const collector = new URL('../../../src/collect/wire/collect.ts', import.meta.url);
  const script = `
    import { collectWire } from ${JSON.stringify(collector.href)};
    const evidence = await collectWire({ url: new URL(${JSON.stringify(url.href)}), token: ${JSON.stringify(token)},
      headers: [], endpoints: {}, timeoutMs: 1000, budgetMs: 20000, clientVersion: '1',
      signal: new AbortController().signal });
    const settled = performance.eventLoopUtilization();
    process.stdout.write(JSON.stringify(evidence) + '\\n');
    process.on('exit', () => process.stdout.write(String(performance.eventLoopUtilization(settled).idle)));
  `;
  const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '--eval', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...env },
  });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (piece: string) => {
    output += piece;
  });
  await new Promise((resolve) => child.once('close', resolve));
  const [text = '', waited] = output.split('\n');
  return { evidence: JSON.parse(text) as WireEvidence, waited: Number(waited) };
}

test.each([
  ['a server with sessions and open streams', () => startStatefulServer()],
  ['a server that never answers', brokenServers.acceptsAndNeverAnswers],
  ['a server that answers half', brokenServers.answersHalf],
])('when it settles, nothing keeps the process alive: %s', async (_name, start) => {
  const server = await using(start());
  const { waited } = await collectElsewhere(server, server.url);
  expect(waited).toBeLessThan(900);
});

test.each(['127.0.0.1', 'localhost'])(
  'over TLS a foreign Host leaves the certificate of %s valid',
  async (name) => {
    const server = await using(startDualEraServer({ selfSigned: true, noHostCheck: true }));
    const url = new URL(server.url);
    url.hostname = name;
    const { evidence } = await collectElsewhere(server, url, {
      NODE_EXTRA_CA_CERTS: fileURLToPath(certificateFile),
    });
    expect(clientLines(evidence)).toEqual([
      'sdk-v2 streamable-http modern: 2026-07-28',
      'sdk-v1 streamable-http legacy: 2025-11-25',
    ]);
    expect(evidence.loopback).toBe(true);
    expect(evidence.tls).toEqual({
      protocol: 'TLSv1.3',
      authorized: true,
      problem: null,
      validTo: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
    });
    expect(
      evidence.rebinding.map(({ header, exchange }) => [header, answerOf(evidence, exchange).status]),
    ).toEqual([
      ['origin', 403],
      ['host', 200],
    ]);
  },
);
