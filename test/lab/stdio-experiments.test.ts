import { describe, expect, it, vi } from 'vitest';
import type { ExperimentId } from '../../src/evidence/lab/lab.ts';
import type { LabPlan } from '../../src/lab/plan.ts';
import { judgeCriterion } from '../support/rows.ts';
import { experimentsOn, servers } from './support.ts';

// Several servers are launched for each test.
vi.setConfig({ testTimeout: 180_000 });

const node = { command: 'node stdio.mjs', directory: `${servers}/ready` };
const python = { command: '/usr/bin/python3 stdio.py', directory: `${servers}/ready-python` };

/** Without root there is nobody else to be. */
const asRoot = process.getuid?.() === 0;

/** What is judged by each experiment. */
const questions = {
  alerts: [['error-alerting', 'failure-raises-alert']],
  'bad-input': [
    ['input-validation', 'unreadable-line'],
    ['input-validation', 'unknown-method'],
    ['input-validation', 'leaks-nothing'],
    ['input-validation', 'bad-arguments'],
  ],
  caching: [['response-caching', 'repeated-call']],
  'dripping-upstream': [['upstream-timeouts', 'dripping-body']],
  'end-of-input': [
    ['graceful-shutdown', 'ends-with-input'],
    ['graceful-shutdown', 'answers-before-end'],
  ],
  'failing-upstream': [
    ['secrets-in-environment', 'no-leak-at-runtime'],
    ['upstream-timeouts', 'fails-cleanly'],
  ],
  logging: [
    ['structured-logging', 'one-object-a-line'],
    ['structured-logging', 'unforgeable'],
    ['structured-logging', 'failure-level'],
  ],
  'missing-secrets': [['startup-validation', 'stops']],
  revisions: [
    ['protocol-revisions', 'older-clients'],
    ['protocol-revisions', 'current-clients'],
    ['protocol-revisions', 'current-revision'],
  ],
  shutdown: [
    ['graceful-shutdown', 'call-finishes'],
    ['graceful-shutdown', 'exits-cleanly'],
  ],
  'stalled-upstream': [['upstream-timeouts', 'stalled-headers']],
  'stdio-purity': [['structured-logging', 'protocol-only-on-stdout']],
  'unprivileged-user': [['non-root-user', 'process-user']],
} satisfies Partial<Record<ExperimentId, [row: string, criterion: string][]>>;
type Asked = keyof typeof questions;

interface Case {
  defect: string;
  asked: Asked[];
  /** What is not passed, and proven to be so. */
  notPassed: Record<string, string>;
  patienceMs?: number;
}

const ending: Asked[] = ['end-of-input', 'shutdown'];
const hanging: Asked[] = ['stalled-upstream', 'dripping-upstream'];

/** The first has none. Both servers speak the 2025 revisions only. */
const cases: Case[] = [
  { defect: '', asked: Object.keys(questions) as Asked[], notPassed: { 'current-revision': 'fail' } },
  // What a process may take is what Docker waits: 10 s.
  { defect: 'never-exits', asked: ['shutdown'], notPassed: { 'exits-cleanly': 'fail' }, patienceMs: 10_500 },
  {
    defect: 'exit-at-once',
    asked: ending,
    notPassed: { 'answers-before-end': 'fail', 'call-finishes': 'fail' },
  },
  { defect: 'no-handler', asked: ending, notPassed: { 'call-finishes': 'fail', 'exits-cleanly': 'fail' } },
  { defect: 'ignores-eof', asked: ['end-of-input'], notPassed: { 'ends-with-input': 'fail' } },
  {
    defect: 'stdout-noise',
    asked: ['stdio-purity', 'bad-input'],
    notPassed: { 'protocol-only-on-stdout': 'fail' },
  },
  {
    defect: 'dies-of-bad-line',
    asked: ['bad-input', 'stdio-purity'],
    notPassed: { 'unreadable-line': 'fail' },
  },
  { defect: 'any-arguments', asked: ['bad-input'], notPassed: { 'bad-arguments': 'fail' } },
  { defect: 'stack-in-error', asked: ['bad-input'], notPassed: { 'leaks-nothing': 'fail' } },
  {
    defect: 'stack-trace-in-tool-error',
    asked: ['failing-upstream', 'bad-input', ...hanging],
    notPassed: {
      'fails-cleanly': 'fail',
      'stalled-headers': 'fail',
      'dripping-body': 'fail',
      'leaks-nothing': 'fail',
    },
  },
  { defect: 'no-timeout', asked: hanging, notPassed: { 'stalled-headers': 'fail', 'dripping-body': 'fail' } },
  { defect: 'no-cache', asked: ['caching'], notPassed: { 'repeated-call': 'fail' } },
  { defect: 'key-in-error', asked: ['failing-upstream'], notPassed: { 'no-leak-at-runtime': 'fail' } },
  { defect: 'format-string-log', asked: ['logging'], notPassed: { unforgeable: 'fail' } },
  { defect: 'starts-without-key', asked: ['missing-secrets'], notPassed: { stops: 'fail' } },
  { defect: 'no-alert', asked: ['alerts'], notPassed: { 'failure-raises-alert': 'fail' } },
  ...(asRoot
    ? [
        {
          defect: 'root-only',
          asked: ['unprivileged-user'] as Asked[],
          notPassed: { 'process-user': 'fail' },
        },
      ]
    : []),
];

async function notPassed(
  plan: Partial<LabPlan> & { command: string },
  { defect, asked, patienceMs = 8_000 }: Case,
): Promise<Record<string, string>> {
  const env = { DEFECT: defect, UPSTREAM_TIMEOUT_MS: '5000' };
  const stdio = { ...plan, transport: 'stdio', env, patienceMs, alertEnv: 'ALERT_WEBHOOK_URL' } as const;
  const seen = await experimentsOn(stdio, ...asked);
  const judged = asked.flatMap((id) =>
    questions[id].map(([row, criterion]) => judgeCriterion(row, criterion, seen)),
  );
  const others = judged.filter(({ verdict, proof }) => verdict !== 'pass' || proof !== 'proven');
  return Object.fromEntries(
    others.map(({ id, verdict, reason }) => [id, verdict === 'fail' ? verdict : `${verdict}: ${reason}`]),
  );
}

/** What is asked over HTTP and stdio alike is answered by the same experiments, and judged by the same rows. */
describe.concurrent.each([
  ['Node', node],
  ['Python', python],
])('a server in %s that speaks stdio', (_name, plan) => {
  it.each(cases.map((one) => [one.defect || 'no defect', one] as const))('with %s', async (_defect, one) => {
    expect(await notPassed(plan, one)).toEqual(one.notPassed);
  });
});
