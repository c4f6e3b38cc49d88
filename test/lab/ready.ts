import type { LabPlan } from '../../src/lab/plan.ts';
import { servers } from './support.ts';

type Plan = Partial<LabPlan> & { command: string };

const credential = 'MCP_API_KEY';

/** The servers that are ready for production, each in its language, as plans. */
export const languages = {
  Node: { directory: `${servers}/ready`, command: 'node server.mjs', credential },
  Python: { directory: `${servers}/ready-python`, command: '/usr/bin/python3 server.py', credential },
} satisfies Record<string, Plan>;
export type Language = keyof typeof languages;

/** For tests of every language. */
export const inEachLanguage: readonly (readonly [Language, Plan])[] = [
  ['Node', languages.Node],
  ['Python', languages.Python],
];

/** A plan for one of them, with a defect or without. Its upstream has time on a busy machine. */
export function readyPlan(language: Language, defect = '', { env, ...plan }: Partial<LabPlan> = {}): Plan {
  return { ...languages[language], ...plan, env: { DEFECT: defect, UPSTREAM_TIMEOUT_MS: '4000', ...env } };
}
