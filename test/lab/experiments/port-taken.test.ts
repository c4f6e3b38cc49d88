import { writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { LabPlan } from '../../../src/lab/plan.ts';
import { judgeCriterion } from '../../support/rows.ts';
import { type Language, languages, readyPlan } from '../ready.ts';
import { experimentsOn, temporaryDirectory } from '../support.ts';

async function judged(plan: Partial<LabPlan> & { command: string }) {
  const seen = await experimentsOn(plan, 'port-taken');
  const { verdict, proof, finding, reason } = judgeCriterion('restart-policy', 'fatal-error-exits', seen);
  return { verdict, proof, text: finding || reason };
}

const ended = (code: number) =>
  expect.stringMatching(`^With port \\d+ taken, the server ended with code ${code} after \\d+ ms[.;]`);

describe.concurrent.each(Object.keys(languages) as Language[])(
  'with its port taken, a ready server in %s',
  (language) => {
    it('ends, and says by its code that it failed', async () => {
      expect(await judged(readyPlan(language))).toEqual({ verdict: 'pass', proof: 'proven', text: ended(1) });
    });

    it('fails where it ends with code 0', async () => {
      expect(await judged(readyPlan(language, 'port-taken-exit-0'))).toMatchObject({
        verdict: 'fail',
        text: ended(0),
      });
    });

    it('fails where it takes the next port', async () => {
      const text = expect.stringMatching(/^With port \d+ taken, the server listened on port \d+ instead/);
      expect(await judged(readyPlan(language, 'next-port'))).toMatchObject({ verdict: 'fail', text });
    });

    it('fails where it waits for ever', async () => {
      const text = expect.stringMatching(
        /^With port \d+ taken, the server neither listened nor ended within \d+ ms/,
      );
      const plan = readyPlan(language, 'waits-for-port', { patienceMs: 12_000 });
      expect(await judged(plan)).toMatchObject({ verdict: 'fail', text });
    });
  },
);

describe.concurrent('behind npm start', () => {
  it.each([
    ['', 'pass', 1],
    ['port-taken-exit-0', 'fail', 0],
  ])('with %j: %s', async (defect, verdict, code) => {
    const plan = { ...readyPlan('Node', defect), command: 'npm start' };
    expect(await judged(plan)).toMatchObject({ verdict, text: ended(code) });
  });
});

/** Listens for metrics first, and is over a while after it found its port taken. */
const withMetrics = `
import { createServer } from 'node:http';
createServer((request, response) => response.writeHead(404).end()).listen(0, '127.0.0.1');
const server = createServer((request, response) => response.end('{}'));
server.on('error', () => setTimeout(() => process.exit(3), 3000));
server.listen(Number(process.env.PORT), process.env.HOST);
`;

describe('a server on one address', () => {
  it.each(['127.0.0.1', '::', '0.0.0.0'])(
    'meets the port that is taken on %s, and what it has beside is no next port',
    async (HOST) => {
      const directory = temporaryDirectory();
      writeFileSync(`${directory}/server.mjs`, withMetrics);
      const plan = { directory, command: 'node server.mjs', env: { HOST }, secrets: [], upstream: {} };
      expect(await judged(plan)).toMatchObject({ verdict: 'pass', text: ended(3) });
    },
  );
});
