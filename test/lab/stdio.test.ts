import { describe, expect, it } from 'vitest';
import { baseline } from '../../src/lab/experiments/baseline.ts';
import { obstacleTo } from '../../src/lab/experiments/obstacles.ts';
import type { LabPlan } from '../../src/lab/run.ts';
import { servers, usingRun } from './support.ts';

const languages: [string, Partial<LabPlan> & { command: string }][] = [
  ['Node', { command: 'node stdio.mjs', directory: `${servers}/ready` }],
  ['Python', { command: '/usr/bin/python3 stdio.py', directory: `${servers}/ready-python` }],
];

describe.each(languages)('a server in %s that speaks stdio', (_name, plan) => {
  it('is launched, served as a client, and asks its upstream through the gateway', async () => {
    const { baseline: history, tool } = await baseline(await usingRun({ ...plan, transport: 'stdio' }));
    expect(obstacleTo('upstream', history)).toBeNull();
    expect(tool?.name).toBe('get_weather');
  });
});
