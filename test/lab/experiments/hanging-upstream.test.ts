import { describe, expect, it } from 'vitest';
import { judgeCriterion } from '../../support/rows.ts';
import { each, experimentsOn, ready, readyPlan } from '../support.ts';

const hangingOn = (plan: Parameters<typeof experimentsOn>[0]) =>
  experimentsOn({ patienceMs: 8_000, ...plan }, 'stalled-upstream', 'dripping-upstream');

/** Verdicts, or the reasons why there are none. */
const verdictsOf = (seen: Awaited<ReturnType<typeof hangingOn>>) =>
  ['stalled-headers', 'dripping-body', 'others-served']
    .map((id) => judgeCriterion('upstream-timeouts', id, seen))
    .map(({ verdict, reason }) => reason ?? verdict);

const limited = ['pass', 'pass', 'pass'];
const drips = ['pass', 'fail', 'pass'];

describe('a call whose upstream hangs', () => {
  // Limits on the wait for the next byte, or for the headers, do not end a dripping body.
  it('is judged whatever launches the server, and whatever asks the upstream', async () => {
    const table: [string, string, string[]][] = [
      ['node server.mjs', 'fetch', limited],
      ['npm start', 'undici', limited],
      ['npx tsx typed.ts', 'https', limited],
      ['node server.mjs', 'required', limited],
      ['node server.mjs', 'got', limited],
      ['node server.mjs', 'axios', drips],
      ['python3 server.py', 'urllib', drips],
      ['python3 server.py', 'http_client', drips],
      ['/usr/bin/python3 server.py', 'httpx', drips],
      ['/usr/bin/python3 server.py', 'requests', drips],
    ];
    const seen = await each(table, async ([command, CLIENT]) => [
      command,
      CLIENT,
      verdictsOf(await hangingOn({ command, env: { CLIENT, LIMIT_MS: '2500' } })),
    ]);
    expect(seen).toEqual(table);
  });

  it.each(Object.entries(ready))('tells its defects apart in %s', async (_, server) => {
    const expected: Record<string, unknown[]> = {
      '': limited,
      drips,
      'no-timeout': ['fail', 'fail', 'pass'],
      'no-cache': limited,
      'health-hangs': ['pass', 'pass', expect.stringContaining('judged as health-endpoint')],
      ...(server.extension === '.py' && { blocks: ['pass', 'pass', 'fail'] }),
    };
    const seen = await each(Object.keys(expected), async (DEFECT) => {
      const env = { DEFECT, UPSTREAM_TIMEOUT_MS: '2500' };
      return [DEFECT, verdictsOf(await hangingOn({ ...readyPlan(server), env }))];
    });
    expect(Object.fromEntries(seen)).toEqual(expected);
  });
});
