import type { Profile } from '../../src/checklist/checklist.ts';
import { contradiction, inconclusive, notApplicable, type Row } from '../../src/checklist/row.ts';
import type { Evidence } from '../../src/evidence/evidence.ts';
import { buildReport } from '../../src/report/build.ts';
import type { Report } from '../../src/report/schema.ts';
import { evaluate } from '../../src/score/evaluate.ts';
import { type Gate, judgeGate } from '../../src/score/gate.ts';
import { assess } from '../../src/score/score.ts';
import {
  answer,
  at,
  dockerfile,
  healthcheck,
  known,
  project,
  recordWire,
  service,
  stage,
} from './evidence.ts';
import { noRemedies } from './rows.ts';

const json = { 'content-type': 'application/json' };
const challenge = answer(401, '', { 'www-authenticate': 'Bearer' });

/** A server that is mostly right: the image is root, and what is polled does not exist. */
export function mixedEvidence(): Evidence {
  const { wire, connect, endpoint, health, exchange } = recordWire();
  connect({ revision: '2025-11-25', revisions: [] }, { era: 'legacy', client: 'sdk-v1' });
  endpoint({ given: answer(200), none: challenge, wrong: answer(403) });
  health('/health', answer(200, '{"status":"healthy"}', json));
  wire.health.polled.push({ path: '/up', exchange: exchange(answer(404), { method: 'GET', path: '/up' }) });
  return {
    wire,
    project: project({
      dockerfiles: [
        dockerfile([stage('node:24-slim', { healthcheck: healthcheck('http://127.0.0.1:3000/up') })]),
      ],
      services: [service({ restart: known('unless-stopped', 'compose.yaml', 6) })],
      literalSecrets: [],
    }),
    notices: ['build/ was not read: it is a link out of the project.'],
  };
}

/** A server and a project of which every kind of verdict can be given, in both profiles. */
export function extendedEvidence(): Evidence {
  const { wire, connect, endpoint, health, exchange } = recordWire();
  connect({ revision: '2025-11-25', revisions: [] }, { era: 'legacy', client: 'sdk-v1' });
  endpoint({ given: answer(200), none: challenge, wrong: challenge });
  endpoint({ none: answer(200), wrong: answer(200), given: answer(200) }, '/sse');
  health('/health', answer(200, '<!doctype html>', { 'content-type': 'text/html' }), { durationMs: 812 });
  wire.rebinding.push({
    header: 'origin',
    value: 'http://attacker.example',
    exchange: exchange(answer(403), { purpose: 'an Origin of another site' }),
    reply: { kind: 'other' },
  });
  const trace =
    'SyntaxError: Unexpected token\n    at JSON.parse (<anonymous>)\n    at /srv/app/index.js:12:7';
  wire.malformed.push({
    kind: 'broken-json',
    exchange: exchange(answer(500, trace, { 'content-type': 'text/plain' }), { purpose: 'broken JSON' }),
    reply: { kind: 'other' },
  });
  return {
    wire,
    project: project({
      dockerfiles: [dockerfile([stage('node:24.11.1-slim', { user: known('node', 'Dockerfile', 9) })])],
      services: [service({ restart: known('no', 'compose.yaml', 6) })],
    }),
    notices: ['deploy/chart.yaml was not read: it is larger than 1 MiB.'],
  };
}

/** What a terminal, a pipeline, a Markdown page, a browser or an XML parser could act on. */
export const hostileTexts = [
  '| a | b |',
  '\u001b]0;owned\u0007\u001b[2J\u009b31m',
  '\u202egnp.exe\u200b',
  '<script>document.title="owned"</script>',
  '"><img src="http://evil.invalid/x.png" onerror="document.title=\'owned\'">',
  '</title></style></pre></details><svg onload=document.title=1>',
  '::error file=app.js::owned',
  '##[error]owned',
  '##vso[task.complete]owned',
  ']]><failure/><!--',
  '`x` **x** _x_ ~x~ [x](javascript:alert(1)) ![x](http://evil.invalid/x.png)',
  '@everyone owner/name#1 #1 http://evil.invalid www.evil.invalid',
  '&lt;b&gt; &#60;b&#62; {{constructor}} ${x} $x$',
  '\ud800 \uffff \u0000',
];

/** All of them, at the beginning of lines. */
export const hostileText = hostileTexts.join('\n');

/** The mixed server, when it sends what a terminal, a pipeline or a browser could act on. */
export function hostileEvidence(): Evidence {
  const evidence = mixedEvidence();
  for (const { outcome } of evidence.wire?.clients ?? []) {
    if (outcome.connected) outcome.server = { name: hostileText, version: hostileText };
  }
  evidence.project?.literalSecrets.push({
    name: hostileText,
    kind: 'a | table | cell',
    byForm: true,
    at: at('a\nb', 1),
  });
  return evidence;
}

/** The mixed server again, which names everything as {@link hostileText} does. */
export function hostileReport(): Report {
  const evidence = mixedEvidence();
  for (const { outcome } of evidence.wire?.clients ?? []) {
    if (!outcome.connected) continue;
    outcome.server = { name: hostileText, version: '::error::owned' };
    outcome.revisions = [hostileText];
  }
  for (const exchange of evidence.wire?.exchanges ?? []) {
    exchange.purpose = hostileText;
    exchange.request.headers = { 'x-hostile': hostileText };
    if (exchange.outcome.kind === 'answer') {
      const headers = { ...exchange.outcome.headers, 'x-hostile': hostileText };
      exchange.outcome = { ...exchange.outcome, headers, body: hostileText };
    }
  }
  evidence.notices.push(...hostileTexts, hostileText);
  evidence.attested = { 'log-aggregation/collector-declared': hostileText };
  const assessment = assess('checklist', evidence);
  assessment.rows.push(evaluate(quotingRow, evidence), evaluate(idleRow, evidence));
  return buildReport(run, evidence, assessment, { passed: false, reasons: hostileTexts });
}

/** A row that repeats whatever it was told, and rests on everything that was seen. */
const quotingRow: Row = {
  id: 'quoting',
  title: 'Repeats what it was told',
  category: 'Operations',
  level: 'required',
  why: 'Findings quote servers.',
  fix: 'Nothing can be done.',
  basis: ['This test'],
  remedies: noRemedies,
  headline: '',
  criteria: [
    {
      id: 'quotes',
      kind: 'core',
      title: 'Quotes a server',
      observed: (wire) =>
        contradiction(hostileText, ...hostileTexts.map((text) => at(text)), ...wire.exchanges),
    },
    { id: 'repeats', kind: 'extra', title: 'Repeats', observed: () => inconclusive(hostileText) },
  ],
};

/** A row that has nothing to judge, which hardly any server gives those of the checklist. */
const idleRow: Row = {
  ...quotingRow,
  id: 'idle',
  title: 'Has nothing to judge',
  criteria: [{ id: 'idles', kind: 'core', title: 'Idles', observed: () => notApplicable(hostileText) }],
};

const run = {
  tool: { name: 'mcp-prod', version: '0.0.0' },
  startedAt: '2026-01-02T03:04:05.678Z',
  durationMs: 1234,
};

export function reportOf(evidence: Evidence, gate: Gate = {}, profile: Profile = 'checklist'): Report {
  const assessment = assess(profile, evidence);
  return buildReport(run, evidence, assessment, judgeGate(gate, assessment));
}

/** Reports by the names of their golden files. */
export const goldenReports: Record<string, () => Report> = {
  mixed: () => reportOf(mixedEvidence(), { minScore: 80, require: ['non-root-user'] }),
  extended: () => reportOf(extendedEvidence(), { failOn: 'recommended' }, 'extended'),
  hostile: hostileReport,
  nothing: () => reportOf({ notices: [] }),
};
