import { afterEach, describe, expect, it } from 'vitest';
import { profiles } from '../../../src/checklist/checklist.ts';
import type { WireOptions } from '../../../src/collect/wire/options.ts';
import type { WireEvidence } from '../../../src/evidence/wire.ts';
import { type Defects, startDualEraServer } from '../../servers/dual-era.ts';
import { testToken } from '../../servers/listen.ts';
import { type PythonServer, startPythonServer } from '../../servers/python/start.ts';
import { judgeCriterion, judgeRow } from '../../support/rows.ts';
import { collect, using } from './support.ts';

const started: PythonServer[] = [];
afterEach(async () => {
  await Promise.all(started.splice(0).map((server) => server.close()));
});

const row = 'endpoint-authentication';
const criterion = 'wrong-credential-refused';
const beginning = testToken.slice(0, -6);

const node = async (defects: Defects, options: Partial<WireOptions> & { anonymous?: boolean } = {}) =>
  collect(await using(startDualEraServer(defects)), options);
const python = async (switches: Record<string, string>) => {
  const server = await startPythonServer({ TOKEN: testToken, ...switches });
  started.push(server);
  return collect({ ...server, requests: [], sockets: new Set(), idle: async () => {} });
};

function verdictsOf(wire: WireEvidence): Record<string, string> {
  return Object.fromEntries(
    profiles.extended.flatMap(({ id }) =>
      judgeRow(id, { wire }).criteria.map((one) => [`${id}/${one.id}`, one.verdict] as const),
    ),
  );
}

describe('a token that begins as the right one, or is the beginning of it', () => {
  it.each([
    ['Node', (match?: 'prefix' | 'extended') => node(match ? { tokenMatch: match } : {})],
    ['Python', (match?: 'prefix' | 'extended') => python(match ? { TOKEN_MATCH: match } : {})],
  ])('fails this criterion alone, in %s', async (_language, audit) => {
    const good = await audit();
    expect(judgeCriterion(row, criterion, { wire: good })).toMatchObject({
      verdict: 'pass',
      finding: expect.stringMatching(
        / It also refused requests with the first 18 of 24 characters of the right token and with 8 characters after the right token\.$/,
      ),
    });
    const failed = { ...verdictsOf(good), [`${row}/${criterion}`]: 'fail' };
    const prefix = await audit('prefix');
    expect(verdictsOf(prefix)).toEqual(failed);
    expect(judgeCriterion(row, criterion, { wire: prefix }).finding).toMatch(
      /^With the first 18 of 24 characters of the right token, POST \/mcp → 200 in \d+ ms\. The server served the request\.$/,
    );
    const extended = await audit('extended');
    expect(verdictsOf(extended)).toEqual(failed);
    expect(judgeCriterion(row, criterion, { wire: extended }).finding).toMatch(
      /^With 8 characters after the right token, POST \/mcp → 200 in \d+ ms\. /,
    );
  });

  it.each(['prefix', 'extended'] as const)(
    'is found in a header of its own, and over HTTP+SSE: %s',
    async (match) => {
      const tokenHeader = 'x-api-key';
      const server = await using(startDualEraServer({ tokenMatch: match, tokenHeader }));
      const wire = await collect(server, {
        anonymous: true,
        headers: [{ name: 'X-Api-Key', value: testToken }],
      });
      expect(judgeCriterion(row, criterion, { wire }).verdict).toBe('fail');
      const guarded = await node({ sse: 'guarded' });
      const derived = guarded.endpoints.map(({ access }) => access.filter((probe) => probe.derived).length);
      expect(derived).toEqual([2, 2]);
      expect(judgeCriterion(row, criterion, { wire: guarded }).verdict).toBe('pass');
    },
  );

  it('is tried only where a made-up one was refused, and only with a credential in hand', async () => {
    const derivedOf = (wire: WireEvidence) =>
      wire.endpoints.flatMap(({ access }) => access.filter((probe) => probe.derived));
    expect(derivedOf(await node({ open: true }))).toEqual([]);
    expect(derivedOf(await node({}, { anonymous: true }))).toEqual([]);
    expect(derivedOf(await node({}))).toHaveLength(2);
    expect(derivedOf(await node({ era: 'legacy' }))).toHaveLength(2);
  });

  it.each([10, 11])('is unknown where the server limited the audit after %i refusals', async (refusals) => {
    const wire = await node({ lockAfterRefusals: refusals });
    expect(judgeCriterion(row, criterion, { wire })).toMatchObject({
      verdict: 'inconclusive',
      reason: expect.stringContaining(' 429 '),
    });
  });

  it('is sent to the target alone, and masked in every record', async () => {
    const server = await using(startDualEraServer({ echoToken: true, resourceMetadata: true }));
    const wire = await collect(server);
    const sent = server.requests.filter(({ headers }) => headers.authorization?.includes(beginning));
    const derived = sent.filter(({ headers }) => headers.authorization !== `Bearer ${testToken}`);
    expect(derived.map(({ method, path }) => `${method} ${path}`)).toEqual(['POST /mcp', 'POST /mcp']);
    const json = JSON.stringify(wire);
    const values = derived.map(({ headers }) => headers.authorization?.slice('Bearer '.length) ?? '');
    expect(values[0]).toBe(beginning);
    for (const value of [...values, values[1]?.slice(testToken.length) ?? ''])
      expect(json).not.toContain(value);
    // The server repeated them.
    expect(json).toContain('Not a valid token: ***');
  });
});
