import { describe, expect, it } from 'vitest';
import type { Logger, SourceFacts } from '../../../src/evidence/source.ts';
import { at, project, source } from '../../support/evidence.ts';
import { judgeCriterion } from '../../support/rows.ts';

const mcpImports = [{ library: '@modelcontextprotocol/sdk/server/mcp.js', at: at('src/server.ts', 1) }];
const judge = (criterion: string, differs: Partial<SourceFacts>) =>
  judgeCriterion('structured-logging', criterion, {
    project: project({ source: source({ mcpImports, packages: [''], ...differs }) }),
  });
const lines = (differs: Partial<SourceFacts>) => judge('one-object-a-line', differs).verdict;
const logger = (form: Logger['form'], library = 'winston'): Logger => ({
  library,
  form,
  at: at('src/log.ts', 4),
});
const printed = (when: 'start' | 'running', file = 'src/server.ts') => ({
  call: 'console.error',
  when,
  at: at(file, 30),
});

describe('structured-logging', () => {
  it('passes for a logger that writes JSON with nothing printed past it', () => {
    expect(lines({ loggers: [logger('json')], plainOutput: [printed('start')] })).toBe('pass');
  });

  it('fails for printed lines without a logger, and for a logger of plain text', () => {
    expect(judge('one-object-a-line', { plainOutput: [printed('running')] })).toMatchObject({
      verdict: 'fail',
      finding: 'No logger; lines are printed as they are: console.error (src/server.ts:30).',
      sources: [at('src/server.ts', 30)],
    });
    expect(lines({ loggers: [logger('text')] })).toBe('fail');
    // A logger that is only asked for is set up where the same library is.
    expect(lines({ loggers: [logger('text', 'logging'), logger('unknown', 'logging')] })).toBe('fail');
  });

  it('claims nothing where it is mixed, unclear, or nothing was seen', () => {
    expect(lines({ loggers: [logger('json')], plainOutput: [printed('running')] })).toBe('inconclusive');
    expect(lines({ loggers: [logger('json'), logger('text', 'morgan')] })).toBe('inconclusive');
    expect(lines({ loggers: [logger('unknown')] })).toBe('inconclusive');
    expect(lines({ loggers: [logger('template', 'logging')] })).toBe('inconclusive');
    expect(lines({ plainOutput: [printed('start'), printed('running', 'scripts/seed.ts')] })).toBe(
      'inconclusive',
    );
    expect(lines({ mcpImports: [], plainOutput: [printed('running')] })).toBe('inconclusive');
  });

  it('fails for JSON by a format string, which a message can break', () => {
    expect(judge('unforgeable', { loggers: [logger('template', 'logging')] }).verdict).toBe('fail');
    expect(judge('unforgeable', { loggers: [logger('json')] }).verdict).toBe('inconclusive');
  });
});
