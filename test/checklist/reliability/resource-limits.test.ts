import { describe, expect, it } from 'vitest';
import { known, project, service } from '../../support/evidence.ts';
import { judgeRow } from '../../support/rows.ts';

const judge = (differs: Parameters<typeof service>[0]) =>
  judgeRow('resource-limits', { project: project({ services: [service(differs)] }) }).verdict;

describe('resource-limits', () => {
  it('passes with both limits and fails without either', () => {
    expect(judge({ memoryLimit: known('256M'), cpuLimit: known('0.5') })).toBe('pass');
    expect(judge({ memoryLimit: known('256M') })).toBe('fail');
    expect(judge({ cpuLimit: known('0.5') })).toBe('fail');
  });

  it('does not judge a project without compose', () => {
    expect(judgeRow('resource-limits', { project: project() }).verdict).toBe('unknown');
  });
});
