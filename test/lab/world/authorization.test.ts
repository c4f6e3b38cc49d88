import { createRemoteJWKSet, customFetch, decodeProtectedHeader, jwtVerify } from 'jose';
import { request } from 'undici';
import { describe, expect, it } from 'vitest';
import { collectWire } from '../../../src/collect/wire/collect.ts';
import { createOtherOrigins } from '../../../src/collect/wire/http/other-origins.ts';
import { connectTo, tokenFor } from '../../../src/lab/client/endpoint.ts';
import { baseline } from '../../../src/lab/experiments/baseline.ts';
import { obstacleTo } from '../../../src/lab/experiments/obstacles.ts';
import { runLab } from '../../../src/lab/lab.ts';
import type { LabPlan } from '../../../src/lab/plan.ts';
import { openAuthorization } from '../../../src/lab/world/authorization/authorization.ts';
import { createAuthorizationServer } from '../../../src/lab/world/authorization/authorization-server.ts';
import { createAuthority } from '../../../src/lab/world/gateway/authority.ts';
import type { Instance } from '../../../src/lab/world/instance.ts';
import { afterwards, alive, servers, usingInstance, usingRun, weatherPlan } from '../support.ts';

const issuer = 'https://issuer.test/tenant';
const audience = 'http://127.0.0.1:${PUBLIC_PORT}/mcp';

const plan = (other: Partial<LabPlan> = {}): LabPlan =>
  weatherPlan({
    directory: `${servers}/protected`,
    command: 'node server.mjs',
    env: { ISSUER: issuer, AUDIENCE: audience },
    secrets: [],
    upstream: {},
    authorization: { issuer, audience, scope: 'read write' },
    ...other,
  });

describe('the documents of an issuer', () => {
  it.each(['https://issuer.test', 'https://issuer.test/', 'https://issuer.test/tenant'])(
    '%s: metadata and keys are where RFC 8414 and OpenID Connect Discovery have them',
    async (named) => {
      const server = await createAuthorizationServer({ issuer: named, audience });
      const { origin, pathname } = new URL(named);
      const path = pathname.replace(/\/$/, '');
      for (const location of [
        `/.well-known/oauth-authorization-server${path}`,
        `/.well-known/openid-configuration${path}`,
        `${path}/.well-known/openid-configuration`,
      ]) {
        expect(server.document(new URL(origin + location))).toMatchObject({
          issuer: named,
          jwks_uri: `${origin}${path}/.well-known/jwks.json`,
        });
      }
      expect(server.document(new URL(`${origin}/other`))).toBeUndefined();
      expect(server.hosts).toEqual(['issuer.test']);
    },
  );

  it('the keys verify the tokens, and are where the server looks for them', async () => {
    const jwksUri = 'https://keys.test/certs';
    const server = await createAuthorizationServer({ issuer, audience, jwksUri });
    expect(server.hosts).toEqual(['issuer.test', 'keys.test']);
    const token = await server.tokenFor('https://a.test/mcp');
    const keys = createRemoteJWKSet(new URL(jwksUri), {
      [customFetch]: async (url) => Response.json(server.document(new URL(url))),
    });
    const options = { issuer, typ: 'at+jwt', requiredClaims: ['exp', 'iat', 'jti', 'sub', 'client_id'] };
    await jwtVerify(token, keys, { ...options, audience: 'https://a.test/mcp' });
    await expect(jwtVerify(token, keys, { ...options, audience: 'https://b.test/mcp' })).rejects.toThrow(
      'aud',
    );
    const stranger = await createAuthorizationServer({ issuer, audience, jwksUri });
    await expect(jwtVerify(await stranger.tokenFor('https://a.test/mcp'), keys, options)).rejects.toThrow();
    expect(decodeProtectedHeader(token)).toMatchObject({ alg: 'RS256', typ: 'at+jwt' });
  });
});

it('the wire audit reads the metadata there, and asks nobody else', async () => {
  const authority = await createAuthority();
  const authorization = await openAuthorization(
    await createAuthorizationServer({ issuer, audience }),
    authority,
  );
  afterwards(authorization.close);
  const resolved: string[] = [];
  const otherOrigins = createOtherOrigins({
    url: new URL('http://127.0.0.1:3000/mcp'),
    timeoutMs: 5_000,
    resolve: async (name) => {
      resolved.push(name);
      return [];
    },
    standIn: { ...authorization, certificate: authority.certificate },
  });
  afterwards(otherOrigins.close);
  const route = await otherOrigins.route(new URL(issuer));
  if ('refused' in route) throw new Error(route.refused);
  const url = `${issuer}/.well-known/openid-configuration`;
  const { body } = await request(url, { dispatcher: route.dispatcher });
  expect(await body.json()).toMatchObject({ issuer });
  expect(await otherOrigins.route(new URL('https://other.test'))).toEqual({
    refused: 'other.test could not be resolved.',
  });
  expect(resolved).toEqual(['other.test']);
});

/** What the server says of whoever calls it, or how it refused to be called. */
async function callerSeenBy(run: Awaited<ReturnType<typeof usingRun>>, instance: Instance, token?: string) {
  const known = { endpoint: '/mcp', baseline: {} as never, tool: null, health: null };
  const client = await connectTo(run, instance, known, token === undefined ? {} : { token });
  try {
    const { outcome } = await client.call('who_am_i', {});
    return outcome.kind === 'result' ? JSON.parse(outcome.text) : outcome;
  } finally {
    await client.close();
  }
}

describe('a server that validates access tokens', () => {
  it('is called offline, by metadata and by a fixed key set, without an upstream request', async () => {
    for (const [jwksUri, env] of [
      [undefined, {}],
      ['https://keys.test/certs', { JWKS_URI: 'https://keys.test/certs' }],
    ] as const) {
      const run = await usingRun(
        plan({
          env: { ISSUER: issuer, AUDIENCE: audience, ...env },
          authorization: { issuer, audience, jwksUri },
        }),
      );
      const known = await baseline(run);
      expect(known.baseline.calls).toMatchObject([{ tool: 'who_am_i', outcome: { kind: 'result' } }]);
      expect(known.baseline.gateway.requests).toEqual([]);
      expect(known.baseline.interposition.direct).toEqual([]);
      expect(obstacleTo('call', known.baseline)).toBeNull();
    }
  });

  it.each(['stall', 'refuse'] as const)('finds its keys while upstreams %s', async (fault) => {
    const run = await usingRun(plan());
    const instance = await usingInstance(run);
    await instance.gateway.set(fault);
    expect(await callerSeenBy(run, instance)).toMatchObject({ sub: 'mcp-prod-lab', scope: 'read write' });
    expect(instance.gateway.record().requests).toEqual([]);
  });

  it('sees another subject as another client, and the same one as the same', async () => {
    const run = await usingRun(
      plan({ authorization: { issuer, audience, claims: { tenant: 't1', sub: 'me' } } }),
    );
    const instance = await usingInstance(run);
    const first = await tokenFor(run, instance);
    expect(await tokenFor(run, instance)).toBe(first);
    const second = await tokenFor(run, instance, { subject: 'another' });
    expect(await callerSeenBy(run, instance)).toMatchObject({ sub: 'me', tenant: 't1' });
    expect(await callerSeenBy(run, instance, second)).toEqual({
      sub: 'another',
      client_id: 'another',
      tenant: 't1',
    });
  });

  it('refuses a token for another audience, and the lab says what would help', async () => {
    const run = await usingRun(plan({ authorization: { issuer, audience: 'https://elsewhere.test/mcp' } }));
    const { baseline: history } = await baseline(run);
    expect(history.launch.output.lines.map(({ text }) => text)).toContain(
      'refused: ERR_JWT_CLAIM_VALIDATION_FAILED',
    );
    expect(obstacleTo('endpoint', history)).toMatchObject({
      reason: expect.stringContaining('401'),
      help: expect.stringContaining('"authorization"'),
    });
  });

  it('is audited over the wire as well, and no token stands in what is recorded', async () => {
    const { lab, wire } = await runLab(
      plan({ env: { ISSUER: issuer, AUDIENCE: audience, LOG_TOKENS: '1' } }),
      {
        signal: new AbortController().signal,
        budgetMs: 60_000,
        collectWire,
        wire: () => ({ timeoutMs: 5_000, budgetMs: 60_000, burst: false }),
      },
    );
    expect(lab.unserved).toBeNull();
    const printed = lab.baseline.launch.output.lines.filter(({ text }) => text.startsWith('token '));
    expect(printed[0]).toMatchObject({ text: 'token <canary access token>', canaries: ['access token'] });
    expect(wire?.exchanges.some(({ purpose }) => purpose.startsWith('Official client'))).toBe(true);
    // Each JWT begins with {" in base64url.
    expect(JSON.stringify({ lab, wire })).not.toMatch(/eyJ[\w-]+\.eyJ/);
    expect(lab.baseline.launch.outcome).toMatchObject({ kind: 'listening' });
    expect(alive(lab.baseline.launch.pid)).toBe(false);
  });
});

it('a Python process finds the issuer while upstreams refuse connections', async () => {
  const run = await usingRun(plan({ command: 'python3 metadata.py' }));
  const instance = await usingInstance(run);
  await instance.gateway.set('refuse');
  expect(await (await fetch(instance.server.origin ?? '')).text()).toBe(issuer);
  expect((await instance.interposition.facts()).direct).toEqual([]);
});

it('a host that is an upstream as well keeps its canned answers', async () => {
  const run = await usingRun(
    plan({ upstream: { 'issuer.test': { 'GET /userinfo': '../weather/current.json' } } }),
  );
  const instance = await usingInstance(run);
  const { gateway } = instance;
  const ask = async (path: string) => {
    const answer = await request(`http://127.0.0.1:${gateway.port}${path}`, {
      headers: {
        host: 'issuer.test',
        'proxy-authorization': `Basic ${Buffer.from(`lab:${run.credential.value}`).toString('base64')}`,
      },
    });
    return [answer.statusCode, await answer.body.json()];
  };
  expect(await callerSeenBy(run, instance)).toMatchObject({ sub: 'mcp-prod-lab' });
  expect(gateway.record().requests).toEqual([]);
  expect(await ask('/userinfo')).toEqual([200, { temperature: 12.5 }]);
  expect(gateway.record().requests).toMatchObject([{ host: 'issuer.test', path: '/userinfo' }]);
});
