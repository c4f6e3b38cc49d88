import type { LabPlan } from '../../src/lab/run.ts';
import { servers } from './support.ts';

/** The servers that are ready for production, each in its language. */
export const languages = {
  Node: { directory: `${servers}/ready`, command: 'node server.mjs' },
  Python: { directory: `${servers}/ready-python`, command: '/usr/bin/python3 server.py' },
};
export type Language = keyof typeof languages;

/** A plan for one of them, with a defect or without. */
export function readyPlan(
  language: Language,
  defect = '',
  { env, ...plan }: Partial<LabPlan> = {},
): Partial<LabPlan> & { command: string } {
  return {
    ...languages[language],
    credential: 'MCP_API_KEY',
    ...plan,
    env: { DEFECT: defect, UPSTREAM_TIMEOUT_MS: '4000', ...env },
  };
}
