import { afterAll, describe, expect, it } from 'vitest';
import { formatNames } from '../../src/report/formats.ts';
import { brokenServers, longPlaces } from '../servers/broken.ts';
import { startDualEraServer } from '../servers/dual-era.ts';
import type { TestServer } from '../servers/listen.ts';
import { runCli } from '../support/cli.ts';
import { auditHostile, type Figures } from '../support/hostile-audit.ts';

const figures: Figures[] = [];

/** Audits a server and keeps what that took. */
async function audit(name: string, start: () => Promise<TestServer>, args?: string[]) {
  const result = await auditHostile(start, args);
  figures.push({ server: name, ...result });
  return result;
}

afterAll(() => {
  const lines = figures.map(
    ({ server, seconds, megabytes, exitCode }) =>
      `${server.padEnd(46)}${seconds.toFixed(1).padStart(6)} s${String(megabytes).padStart(6)} MB   exit ${exitCode}`,
  );
  process.stdout.write(`${lines.join('\n')}\n`);
});

/** Nothing of MCP is served there. */
const unserved: Record<string, () => Promise<TestServer>> = {
  acceptsAndNeverAnswers: brokenServers.acceptsAndNeverAnswers,
  closesAtOnce: brokenServers.closesAtOnce,
  answersGarbage: brokenServers.answersGarbage,
  answersHalf: brokenServers.answersHalf,
  sendsHeadersOnly: brokenServers.sendsHeadersOnly,
  answersStatus999: brokenServers.answersStatus999,
  sends500Headers: brokenServers.sends500Headers,
  sendsHugeHeader: brokenServers.sendsHugeHeader,
  pageForEverything: brokenServers.pageForEverything,
  jsonForEverything: brokenServers.jsonForEverything,
  oneByteASecond: brokenServers.oneByteASecond,
  endlessBody: brokenServers.endlessBody,
  gigabyteBody: brokenServers.gigabyteBody,
  endlessEvents: brokenServers.endlessEvents,
  silentEvents: brokenServers.silentEvents,
  hangsOnPost: brokenServers.hangsOnPost,
  endlessInterim: brokenServers.endlessInterim,
  gzipBomb: brokenServers.gzipBomb,
  gzipBombInGzip: brokenServers.gzipBombInGzip,
  brokenGzip: brokenServers.brokenGzip,
  inheritedCoding: brokenServers.inheritedCoding,
  resetsInGzip: brokenServers.resetsInGzip,
  switchesProtocols: brokenServers.switchesProtocols,
  answersTwice: brokenServers.answersTwice,
  answersBeforeItIsAsked: brokenServers.answersBeforeItIsAsked,
  badUtf8: brokenServers.badUtf8,
  deepJson: brokenServers.deepJson,
  wrongIds: brokenServers.wrongIds,
  nullResults: brokenServers.nullResults,
  redirectsToItself: brokenServers.redirectsToItself,
  redirectsToLinkLocal: () =>
    brokenServers.redirectsElsewhere(new URL('http://169.254.169.254/latest/meta-data/')),
  redirectsToFile: () => brokenServers.redirectsElsewhere(new URL('file:///etc/passwd')),
  alwaysTooMany: () => brokenServers.always(429, { 'retry-after': '1' }),
  challengeThatPointsInside: () =>
    brokenServers.always(401, {
      'www-authenticate': 'Bearer resource_metadata="http://169.254.169.254/latest/meta-data/"',
    }),
  selfSignedCertificate: brokenServers.selfSignedCertificate,
};

describe('a server where nothing of MCP is served', () => {
  it.each(Object.entries(unserved))('%s', async (name, start) => {
    const { exitCode, report, stderr } = await audit(name, start);
    expect(exitCode).toBe(3);
    expect(stderr).toMatch(/^mcp-prod: /);
    expect(report).toMatchObject({ score: null, ready: false, server: null, coverage: 0 });
  });

  it.each(['acceptsAndNeverAnswers', 'silentEvents', 'hangsOnPost'])(
    '%s, with default settings: less than the budget',
    async (name) => {
      const { exitCode, seconds } = await audit(`${name} (default settings)`, unserved[name] as never, []);
      expect(exitCode).toBe(3);
      expect(seconds).toBeLessThan(25);
    },
  );

  it('ends with its budget', async () => {
    const { exitCode, seconds } = await audit(
      'oneByteASecond (--budget 2000)',
      brokenServers.oneByteASecond,
      ['--budget', '2000'],
    );
    expect(exitCode).toBe(3);
    expect(seconds).toBeLessThan(12);
  });
});

/** MCP is served there, in a way that harms whoever believes it. */
const served: Record<string, () => Promise<TestServer>> = {
  numbersWithoutEnd: brokenServers.numbersWithoutEnd,
  deepSchema: brokenServers.deepSchema,
  endlessPages: brokenServers.endlessPages,
  endlessNewPages: brokenServers.endlessNewPages,
  hostileNames: brokenServers.hostileNames,
  diesSoon: brokenServers.diesSoon,
  issuersThatPointInside: () =>
    startDualEraServer({ resourceMetadata: ['https://169.254.169.254', 'file:///etc/passwd'] }),
};

/** Whether anything was seen before is a matter of time. */
const mayDie = ['diesSoon'];

describe('a server that harms whoever believes it', () => {
  it.each(Object.entries(served))('%s', async (name, start) => {
    const { exitCode, report } = await audit(name, start);
    expect(mayDie.includes(name) ? [0, 3] : [0]).toContain(exitCode);
    const judged = report.rows.flatMap(
      (row: { criteria: { verdict: string; finding: string }[] }) => row.criteria,
    );
    for (const { verdict, finding } of judged) {
      expect(finding !== '').toBe(verdict === 'pass' || verdict === 'fail');
    }
  });

  it.each(formatNames)('has no say in how a report is read: %s', async (format) => {
    const server = await brokenServers.hostileNames();
    const { stdout, stderr, exitCode } = await runCli(['audit', server.url.href, '--format', format]);
    await server.close();
    expect(exitCode).toBe(0);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there
    expect(stdout + stderr).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202e]/);
    expect(stdout + stderr).not.toMatch(/^::/m);
  });
});

/** Each begins again and again what a pattern for secrets, keys or markup looks for, and never ends it. */
const beginnings = {
  'an API key': 'sk-',
  'a private key': '-----BEGIN PRIVATE KEY-----',
  'a URL with a key': 'https://a/?key=',
  'an element': '<script ',
};
const longCharacters = 900 * 1024;
const budgetMs = 5_000;

/** All of them in one text, each going on for as long as the patterns have time for. */
const mixed = Object.values(beginnings)
  .map((beginning) => beginning.repeat(Math.ceil(longCharacters / 4 / beginning.length)))
  .join(' ');

describe('a server whose texts are made to be searched for ever', () => {
  const limits = ['--timeout', '1000', '--budget', String(budgetMs)];

  it.each(longPlaces)('ends with its budget: %s', async (place) => {
    const { exitCode, report } = await audit(
      `longText: ${place}`,
      () => brokenServers.longText(place, mixed),
      limits,
    );
    expect([0, 3]).toContain(exitCode);
    expect(report.durationMs).toBeLessThan(budgetMs + 1_000);
  });

  it('is left at once when the user says so', async () => {
    const server = await brokenServers.longText('name', mixed);
    const answered = (async () => {
      while (server.requests.length < 12) await new Promise((resolve) => setTimeout(resolve, 5));
    })();
    const result = await runCli(['audit', server.url.href, '--budget', '60000'], {
      interruptAfter: answered,
    });
    await server.close();
    expect(result).toEqual({ stdout: '', stderr: 'mcp-prod: Interrupted.\n', exitCode: 130 });
  });
});
