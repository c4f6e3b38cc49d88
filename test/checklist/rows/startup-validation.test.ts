import { describe, expect, it } from 'vitest';
import type { LabEvidence } from '../../../src/evidence/lab/lab.ts';
import type { WithheldSecret } from '../../../src/evidence/lab/missing-secrets.ts';
import { baselineOf, endedLaunch, labOf, launchOf, listener } from '../../support/lab-evidence.ts';
import { judgeCriterion, judgeRow } from '../../support/rows.ts';

const withheld = (differs: Partial<WithheldSecret> = {}): WithheldSecret => ({
  name: 'API_KEY',
  envFile: null,
  how: 'unset',
  launch: endedLaunch(1, 'API_KEY is missing'),
  ...differs,
});
const labWith = (all: WithheldSecret[], lab: Partial<LabEvidence> = {}, untried: string[] = []) =>
  labOf({ 'missing-secrets': { ran: true, history: { withheld: all, untried } } }, lab);
const judge = (criterion: string, ...all: WithheldSecret[]) =>
  judgeCriterion('startup-validation', criterion, { lab: labWith(all) });
const listened = launchOf();

describe('startup-validation', () => {
  it('passes where each missing secret stops the start and is named', () => {
    const other = withheld({ name: 'TOKEN', launch: endedLaunch(78, 'token: field required') });
    expect(judge('stops', withheld(), other)).toMatchObject({
      verdict: 'pass',
      proof: 'proven',
      finding:
        'Without API_KEY, the server ended with code 1 after 200 ms. Without TOKEN, the server ended with code 78 after 200 ms.',
    });
    expect(judge('names-variable', withheld(), other).verdict).toBe('pass');
    expect(judgeRow('startup-validation', { lab: labWith([withheld(), other]) }).verdict).toBe('pass');
  });

  it('does not apply where the configuration names no variable', () => {
    expect(judge('stops').verdict).toBe('not-applicable');
    expect(judgeRow('startup-validation', { lab: labWith([]) }).verdict).toBe('not-applicable');
  });

  it('reports the secrets that were not tried', () => {
    const lab = labWith([withheld()], {}, ['NINTH_KEY']);
    expect(judgeCriterion('startup-validation', 'stops', { lab }).finding).toMatch(/Not tried: NINTH_KEY\.$/);
  });

  it('fails for code 0, and where it neither listens nor ends', () => {
    expect(judge('stops', withheld({ launch: endedLaunch(0) })).verdict).toBe('fail');
    const silent = launchOf({ outcome: { kind: 'silent', afterMs: 20_000, processes: [101] } });
    expect(judge('stops', withheld({ launch: silent }))).toMatchObject({
      verdict: 'fail',
      finding: 'Without API_KEY, the server neither listened nor ended within 20000 ms.',
    });
    const slow = launchOf({
      outcome: { kind: 'listening', afterMs: 9_000, port: 21_000, portIgnored: false, listener },
    });
    const lab = labWith([withheld({ launch: silent })], { baseline: baselineOf({ launch: slow }) });
    expect(judgeCriterion('startup-validation', 'stops', { lab }).verdict).toBe('inconclusive');
  });

  it('passes where it listens for a moment before it ends', () => {
    const brief = launchOf({ exit: { atMs: 450, code: 1, signal: null } });
    expect(judge('stops', withheld({ launch: brief }))).toMatchObject({
      verdict: 'pass',
      finding: 'Without API_KEY, the server ended with code 1 after 450 ms. It listened 150 ms before that.',
    });
  });

  it('fails where the server still listens, and names the way out', () => {
    expect(judge('stops', withheld({ launch: listened }))).toMatchObject({
      verdict: 'fail',
      finding:
        'Without API_KEY, the server still listened after 300 ms. If API_KEY is optional, remove it from "secrets".',
    });
    expect(judge('names-variable', withheld({ launch: listened })).verdict).toBe('inconclusive');
  });

  it('considers that .env may contain the key', () => {
    const own = { envFile: '.env', how: 'empty' } as const;
    const ended = withheld({ ...own, launch: endedLaunch(1, 'API_KEY is empty') });
    expect(judge('stops', ended)).toMatchObject({
      verdict: 'pass',
      finding: 'With API_KEY empty, the server ended with code 1 after 200 ms.',
    });
    expect(judge('names-variable', ended).verdict).toBe('pass');
    expect(judge('stops', withheld({ ...own, launch: listened }))).toMatchObject({
      verdict: 'inconclusive',
      reason: expect.stringMatching(
        /It may have read API_KEY from \.env\. Audit a copy of the project without \.env\.$/,
      ),
    });
    expect(judge('stops', withheld({ ...own, launch: endedLaunch(0) })).verdict).toBe('fail');
  });

  it.each([
    ['nothing', [], 'the server ended without any output.'],
    ['another name', ['Missing setting: MY_API_KEY2'], 'It printed: Missing setting: MY_API_KEY2'],
    ['a mask of the lab', ['key <canary API_KEY>'], 'It printed: key <canary API_KEY>'],
  ])('fails where the output has %s', (_, texts, finding) => {
    expect(judge('names-variable', withheld({ launch: endedLaunch(1, ...texts) }))).toMatchObject({
      verdict: 'fail',
      finding: expect.stringContaining(finding),
    });
  });

  it('does not judge a variable that the start command sets', () => {
    const lab = labWith([withheld({ launch: listened })], { command: 'API_KEY=x node server.mjs' });
    expect(judgeCriterion('startup-validation', 'stops', { lab }).verdict).toBe('inconclusive');
  });

  it('is unknown without secrets, and without a lab', () => {
    const lab = labOf({ 'missing-secrets': { ran: false, reason: 'No names.' } });
    expect(judgeRow('startup-validation', { lab }).verdict).toBe('unknown');
    expect(judgeRow('startup-validation', {}).verdict).toBe('unknown');
  });
});
