import { copyFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Evidence } from '../../../src/evidence/evidence.ts';
import type { LabPlan } from '../../../src/lab/plan.ts';
import { judgeRow } from '../../support/rows.ts';
import { type Language, languages, readyPlan } from '../ready.ts';
import { experimentsOn, temporaryDirectory } from '../support.ts';

const judged = (seen: Partial<Evidence>) =>
  Object.fromEntries(
    judgeRow('startup-validation', seen).criteria.map(({ id, verdict, finding, reason }) => [
      id,
      { verdict, text: finding || reason },
    ]),
  );
const seenOn = (plan: Partial<LabPlan> & { command: string }) =>
  experimentsOn({ startTimeoutMs: 15_000, ...plan }, 'missing-secrets');

describe.concurrent.each(Object.keys(languages) as Language[])('a ready server in %s', (language) => {
  it('does not start without one of its secrets, and names it', async () => {
    expect(judged(await seenOn(readyPlan(language)))).toEqual({
      stops: {
        verdict: 'pass',
        text: expect.stringMatching(
          /^Without WEATHER_API_KEY, the server ended with code 1 after \d+ ms\. Without MCP_API_KEY, the server ended with code 1 /,
        ),
      },
      'names-variable': {
        verdict: 'pass',
        text: 'The output named each missing variable: WEATHER_API_KEY, MCP_API_KEY.',
      },
    });
  });

  it('fails where it starts without its key', async () => {
    expect(judged(await seenOn(readyPlan(language, 'starts-without-key')))).toMatchObject({
      stops: {
        verdict: 'fail',
        text: expect.stringMatching(/^Without WEATHER_API_KEY, the server still listened after \d+ ms\./),
      },
      'names-variable': { verdict: 'inconclusive' },
    });
  });

  it('fails where it does not say what is missing', async () => {
    expect(judged(await seenOn(readyPlan(language, 'unnamed-variable')))).toMatchObject({
      stops: { verdict: 'pass' },
      'names-variable': { verdict: 'fail', text: expect.stringContaining('Invalid configuration') },
    });
  });
});

/** Reads .env as dotenv does: what the environment has goes before it, also when it is empty. */
const readsEnvFile = `
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
for (const line of readFileSync('.env', 'utf8').split('\\n')) {
  const [name, value] = line.split('=');
  if (value !== undefined && !(name in process.env)) process.env[name] = value;
}
console.log('file', readFileSync('.env', 'utf8'));
if (!process.env.WEATHER_API_KEY) {
  console.error('WEATHER_API_KEY is missing');
  process.exitCode = 1;
} else createServer((request, response) => response.end()).listen(process.env.PORT);
`;

it('a key that the project’s own .env holds is masked, and does not hide that a missing one is noticed', async () => {
  const directory = temporaryDirectory();
  const own = 'k3yOfTheProjectItself0123456789';
  writeFileSync(`${directory}/server.mjs`, readsEnvFile);
  writeFileSync(`${directory}/.env`, `WEATHER_API_KEY=${own}\n`);
  copyFileSync(`${languages.Node.directory}/current.json`, `${directory}/current.json`);
  const seen = await seenOn({ directory, command: 'node server.mjs' });
  expect(judged(seen)).toEqual({
    stops: {
      verdict: 'pass',
      text: expect.stringMatching(/^With WEATHER_API_KEY empty, the server ended with code 1 /),
    },
    'names-variable': { verdict: 'pass', text: expect.any(String) },
  });
  const text = JSON.stringify(seen);
  expect(text).toContain('WEATHER_API_KEY=<canary WEATHER_API_KEY>');
  expect(text).not.toContain(own);
});

it('without secrets that are named nothing is withheld', async () => {
  const seen = await seenOn({ command: 'node server.mjs', env: { CLIENT: 'fetch' }, secrets: undefined });
  expect(judged(seen).stops).toEqual({
    verdict: 'inconclusive',
    text: expect.stringContaining('in "secrets"'),
  });
});
