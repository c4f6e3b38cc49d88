import { existsSync, readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { profiles } from '../../src/checklist/checklist.ts';
import type { Row } from '../../src/checklist/row.ts';
import { evaluate } from '../../src/score/evaluate.ts';

const rows: readonly Row[] = profiles.extended;
const root = new URL('../../', import.meta.url).pathname;
const isJudged = (row: Row) => row.criteria.some(({ declared, observed }) => declared || observed);

describe('the checklist', () => {
  it('has the ten items of the requirement, in its categories and levels', () => {
    expect(
      profiles.checklist.map(({ category, title, level }) => `${category}: ${title} (${level})`),
    ).toEqual([
      'Security: Non-root container user (required)',
      'Security: API keys in environment variables (required)',
      'Security: Authentication on MCP endpoints (Streamable HTTP and SSE) (recommended)',
      'Reliability: Health check endpoint (required)',
      'Reliability: Structured logging (required)',
      'Reliability: Restart policy configured (required)',
      'Performance: Response caching (recommended)',
      'Performance: HTTP client timeouts (required)',
      'Operations: Log aggregation (recommended)',
      'Operations: Error alerting (recommended)',
    ]);
  });

  it('keeps its public names', () => {
    expect(rows.map(({ id }) => id)).toEqual([
      ...['non-root-user', 'secrets-in-environment', 'endpoint-authentication', 'health-endpoint'],
      ...['structured-logging', 'restart-policy', 'response-caching', 'upstream-timeouts', 'log-aggregation'],
      ...['error-alerting', 'rate-limiting', 'transport-security', 'input-validation', 'image-hygiene'],
      ...['graceful-shutdown', 'startup-validation', 'protocol-revisions', 'resource-limits'],
      ...['horizontal-scaling', 'connection-limits', 'metrics'],
    ]);
  });

  it('registers the row of every folder', () => {
    const folders = readdirSync(`${root}src/checklist/rows`);
    expect(folders.sort()).toEqual(rows.map(({ id }) => id).sort());
  });

  it('tests every row that files or the wire can judge', () => {
    const untested = rows
      .filter(isJudged)
      .filter((row) => !existsSync(`${root}test/checklist/rows/${row.id}.test.ts`));
    expect(untested.map(({ id }) => id)).toEqual([]);
  });
});

describe.each(rows.map((row) => [row.id, row] as const))('the row %s', (_, row) => {
  it('explains itself', () => {
    for (const text of [row.why, row.fix, ...row.basis]) expect(text.length).toBeGreaterThan(10);
    expect(row.criteria.some(({ kind, supporting }) => kind === 'core' && !supporting)).toBe(true);
    const ids = row.criteria.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toContain(row.headline);
  });

  it('is unknown without evidence, and says for each criterion what is missing', () => {
    const result = evaluate(row, { notices: [] });
    expect(result).toMatchObject({ verdict: 'unknown', proof: null, points: { earned: 0 } });
    for (const { verdict, reason } of result.criteria) {
      expect(verdict).toBe('inconclusive');
      expect(reason).toMatch(/\S/);
    }
  });

  it('has something to say for every criterion that no judge covers', () => {
    for (const criterion of row.criteria) {
      expect(Boolean(criterion.declared ?? criterion.observed) || Boolean(criterion.experiment)).toBe(true);
    }
  });
});
