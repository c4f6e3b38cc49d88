import { describe, expect, it } from 'vitest';
import { judgeCriterion } from '../../support/rows.ts';
import { inEachLanguage } from '../ready.ts';
import { experimentsOn } from '../support.ts';

const hangingOn = (plan: Parameters<typeof experimentsOn>[0]) =>
  experimentsOn({ patienceMs: 6_000, ...plan }, 'stalled-upstream', 'dripping-upstream');

/** Verdicts, or the reasons why there are none. */
const verdictsOf = (seen: Awaited<ReturnType<typeof hangingOn>>) =>
  ['stalled-headers', 'dripping-body', 'others-served']
    .map((id) => judgeCriterion('upstream-timeouts', id, seen))
    .map(({ verdict, reason }) => reason ?? verdict);

const limited = ['pass', 'pass', 'pass'];
const drips = ['pass', 'fail', 'pass'];

// Limits on the wait for the next byte, or for the headers, do not end a dripping body.
describe.concurrent('a call whose upstream hangs', () => {
  it.each([
    ['npm start', 'undici', limited],
    ['npx tsx typed.ts', 'https', limited],
    ['node server.mjs', 'axios', drips],
    ['python3 server.py', 'urllib', drips],
    ['/usr/bin/python3 server.py', 'httpx', drips],
  ])('is judged when "%s" asks by %s', async (command, CLIENT, expected) => {
    const seen = await hangingOn({ command, env: { CLIENT, LIMIT_MS: '2500' } });
    expect(verdictsOf(seen)).toEqual(expected);
  });
});

describe.concurrent.each(inEachLanguage)('a call whose upstream hangs, in %s', (language, server) => {
  const defects: [string, unknown[]][] = [
    ['', limited],
    ['drips', drips],
    ['no-timeout', ['fail', 'fail', 'pass']],
    ['stack-trace-in-tool-error', ['fail', 'fail', 'pass']],
  ];
  // What the lab does is the same in both languages where calls without a cache, and health, are left aside.
  if (language === 'Node') {
    defects.push([
      'health-hangs',
      ['pass', 'pass', expect.stringContaining('The row health-endpoint judges health')],
    ]);
  } else {
    defects.push(['no-cache', limited], ['blocks', ['pass', 'pass', 'fail']]);
  }
  it.each(defects)('with %j', async (DEFECT, expected) => {
    const env = { DEFECT, UPSTREAM_TIMEOUT_MS: '2500' };
    expect(verdictsOf(await hangingOn({ ...server, env }))).toEqual(expected);
  });
});
