import { describe, expect, it } from 'vitest';
import { judgeCriterion } from '../../support/rows.ts';
import { experimentsOn } from '../support.ts';

describe('a port that is taken', () => {
  it('ends a server, as it should', async () => {
    const seen = await experimentsOn({ command: 'node server.mjs', env: { CLIENT: 'fetch' } }, 'port-taken');
    const { verdict, proof, finding } = judgeCriterion('restart-policy', 'fatal-error-exits', seen);
    expect({ verdict, proof }).toEqual({ verdict: 'pass', proof: 'proven' });
    expect(finding).toMatch(/^With port \d+ taken it ended with code 1 after \d+ ms\.$/);
  });
});
