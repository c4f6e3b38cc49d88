import { describe, expect, it } from 'vitest';
import { gatewayRecord } from '../../src/evidence/lab/gateway.ts';
import { shutdownHistory } from '../../src/evidence/lab/shutdown.ts';
import { quietGateway } from '../support/lab-evidence.ts';

describe('evidence that was saved before the lab recorded its numbers', () => {
  it('gets the delays that were in force then', () => {
    const { slowMs: _slow, dripMs: _drip, ...older } = quietGateway;
    expect(gatewayRecord.parse(older)).toEqual({ ...older, slowMs: 1_500, dripMs: 900 });
  });

  it('gets the time between two requests that was in force then', () => {
    expect(shutdownHistory.shape.requestsEveryMs.parse(undefined)).toBe(400);
  });
});
