import { describe, expect, it } from 'vitest';
import { judgeCriterion } from '../../support/rows.ts';
import { inEachLanguage } from '../ready.ts';
import { experimentsOn } from '../support.ts';

const row = 'health-endpoint';

describe.concurrent.each(inEachLanguage)('the health of a server in %s', (_language, server) => {
  const seenOf = (defect?: string) =>
    experimentsOn(
      { ...server, patienceMs: 6_000, ...(defect !== undefined && { env: { DEFECT: defect } }) },
      'health-refused',
      'health-stalled',
      'health-polling',
    );

  it('follows the upstream down and up again, and asks it once for many', async () => {
    const seen = await seenOf();
    const followed = judgeCriterion(row, 'degrades-and-recovers', seen);
    expect(followed).toMatchObject({ verdict: 'pass', proof: 'proven' });
    expect(followed.finding).toMatch(
      /^While the upstream refused connections, GET \/health returned 503 after \d\.\d s\. It returned 200 again \d\.\d s after the upstream was back\. While the upstream stalled, /,
    );
    expect(judgeCriterion(row, 'gentle', seen)).toMatchObject({ verdict: 'pass', proof: 'proven' });
  });

  it('may report its health as text, at /ping', async () => {
    const seen = await seenOf('health-as-text');
    for (const criterion of ['prompt', 'degrades-and-recovers', 'gentle']) {
      const { verdict, finding } = judgeCriterion(row, criterion, seen);
      expect([criterion, verdict, finding]).toEqual([criterion, 'pass', expect.stringContaining('/ping')]);
    }
  });

  it('has no health path where every path answers', async () => {
    const seen = await seenOf('text-at-any-path');
    for (const criterion of ['prompt', 'degrades-and-recovers', 'gentle']) {
      expect(judgeCriterion(row, criterion, seen).verdict).toBe('inconclusive');
    }
  });

  it.each([
    [
      'health-always-200',
      'degrades-and-recovers',
      / for \d+\.\d s, GET \/health never returned 503: 200 \(\d+ times\)\. Meanwhile /,
    ],
    [
      'health-hangs',
      'degrades-and-recovers',
      /exceeded the limit of 1 s\. The longest took \d\.\d s without a response\.$/,
    ],
    [
      'health-never-recovers',
      'degrades-and-recovers',
      /It did not return to 200 within \d+\.\d s after the upstream was back: 503/,
    ],
    [
      'health-hammers',
      'gentle',
      /^20 polls of \/health in \d+\.\d s caused \d\d upstream requests; the limit is 10\. /,
    ],
  ])('fails just one criterion with %s', async (defect, criterion, finding) => {
    const seen = await seenOf(defect);
    const failed = judgeCriterion(row, criterion, seen);
    expect(failed).toMatchObject({ verdict: 'fail', proof: 'proven' });
    expect(failed.finding).toMatch(finding);
    expect(failed.sources.length).toBeGreaterThan(1);
    const other = criterion === 'gentle' ? 'degrades-and-recovers' : 'gentle';
    // A health that asks at every poll is not gentle either. Where the machine is late, nothing is said of that.
    const { verdict } = judgeCriterion(row, other, seen);
    if (defect === 'health-hangs') expect(verdict).not.toBe('pass');
    else expect(verdict).not.toBe('fail');
  });
});
