import fc from 'fast-check';
import { expect, it } from 'vitest';
import { formatNames } from '../../src/report/formats.ts';
import { auditQuietly, token } from './audit.ts';
import { fuzz } from './cases.ts';
import { change, hostileText, hostileValue } from './hostile.ts';
import { startTwistedServer, type Twist } from './twisted-server.ts';

const headerNames = [
  ...['content-encoding', 'content-type', 'transfer-encoding', 'content-length', 'location', 'retry-after'],
  ...['www-authenticate', 'mcp-session-id', 'mcp-protocol-version', 'set-cookie', 'connection', 'trailer'],
  ...['ratelimit', 'x-ratelimit-remaining', 'cache-control', 'date', 'upgrade', '__proto__', 'x-%'],
];
const headerValues = [
  ...[
    'constructor',
    '__proto__',
    'gzip',
    'gzip, br',
    'br',
    'deflate',
    'identity',
    'chunked',
    '0',
    '-1',
    '1e99',
    'NaN',
  ],
  ...[
    'text/event-stream',
    'application/json',
    'text/html; charset=x',
    '//evil.example/',
    'http://169.254.169.254/',
  ],
  ...[
    'Bearer',
    'Bearer resource_metadata="http://127.0.0.1:1/x"',
    'Bearer resource_metadata=", a="',
    'close',
  ],
];

const header = fc
  .record({
    name: fc.constantFrom(...headerNames),
    value: fc.oneof(
      { weight: 4, arbitrary: fc.constantFrom(...headerValues) },
      { weight: 1, arbitrary: hostileText.map((text) => text.slice(0, 20_000)) },
    ),
  })
  .map(({ name, value }) => `${name}: ${value}`);

const events = fc
  .array(
    fc
      .record({ field: fc.constantFrom('data', 'event', 'id', 'retry', '', 'x'), text: hostileText })
      .map(({ field, text }) => `${field}: ${text}\n`),
    { maxLength: 6 },
  )
  .map((list) => `${list.join('')}\n`);

const twist: fc.Arbitrary<Twist> = fc.record({
  every: fc.constantFrom(1, 1, 2, 3, 7),
  from: fc.constantFrom(0, 1, 2, 3, 5, 8, 13),
  changes: fc.array(change, { minLength: 1, maxLength: 3 }),
  body: fc.oneof(
    { weight: 6, arbitrary: fc.constant(null) },
    { weight: 1, arbitrary: hostileText },
    { weight: 1, arbitrary: hostileValue.map((value) => JSON.stringify(value) ?? '') },
    { weight: 1, arbitrary: events },
  ),
  status: fc.oneof(
    { weight: 3, arbitrary: fc.constant(null) },
    {
      weight: 1,
      arbitrary: fc.constantFrom(100, 101, 103, 200, 204, 206, 301, 304, 401, 404, 429, 500, 600, 999),
    },
  ),
  headers: fc.array(header, { maxLength: 3 }),
  ending: fc.oneof(
    { weight: 6, arbitrary: fc.constant('whole' as const) },
    {
      weight: 8,
      arbitrary: fc.constantFrom('cut', 'short', 'long', 'open', 'closed', 'hung', 'bare', 'twice'),
    },
  ),
});

it('a server that answers whatever is audited within the budget', async () => {
  const ends = await fuzz({
    cases: fc.record({ twists: fc.array(twist, { maxLength: 3 }), format: fc.constantFrom(...formatNames) }),
    count: 1_500,
    budgetMs: 1_000,
    atOnce: 4,
    check: async ({ twists, format }) => {
      const server = await startTwistedServer(twists);
      try {
        return await auditQuietly(
          [
            server.url.href,
            '--token',
            token,
            '--profile',
            'extended',
            '--no-burst',
            '--timeout',
            '150',
            '--budget',
            '1000',
          ],
          format,
        );
      } finally {
        await server.close();
      }
    },
  });
  expect(ends['exit 0'], JSON.stringify(ends)).toBeGreaterThan(500);
  expect(ends['exit 3'], JSON.stringify(ends)).toBeGreaterThan(100);
});
