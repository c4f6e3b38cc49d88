import type { Evidence } from '../../src/evidence/evidence.ts';
import { buildReport } from '../../src/report/build.ts';
import type { Report } from '../../src/report/schema.ts';
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

/** The same, from a server that sends what a terminal, a pipeline or a browser could act on. */
export function hostileEvidence(): Evidence {
  const evidence = mixedEvidence();
  for (const { outcome } of evidence.wire?.clients ?? []) {
    if (outcome.connected) {
      outcome.server = {
        name: '\u001b]0;owned\u0007<script>\u202eevil',
        version: '::error::\n::set-output::',
      };
    }
  }
  evidence.project?.literalSecrets.push({
    name: 'KEY\u001b[2J\u009b31m',
    kind: 'a | table | cell',
    byForm: true,
    at: at('a\nb', 1),
  });
  return evidence;
}

export function reportOf(evidence: Evidence, gate: Gate = {}): Report {
  const assessment = assess('checklist', evidence);
  return buildReport(
    { tool: { name: 'mcp-prod', version: '0.0.0' }, startedAt: '2026-01-02T03:04:05.678Z', durationMs: 1234 },
    evidence,
    assessment,
    judgeGate(gate, assessment),
  );
}
