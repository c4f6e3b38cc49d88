import type { Evidence } from '../../../evidence/evidence.ts';
import type { ProjectEvidence } from '../../../evidence/project.ts';
import type { WireEvidence } from '../../../evidence/wire.ts';
import { provenBy } from '../../reading/lab/proven-by.ts';
import { isNonProductionFile } from '../../reading/server/non-production-files.ts';
import { judgeUnits, serverUnits, unreadDeployments } from '../../reading/server/server-units.ts';
import { type Judgement, notApplicable } from '../../row.ts';
import { judgeAffinity } from './affinity.ts';
import { judgeSessions } from './protocol-sessions.ts';
import { judgeRoundRobin } from './round-robin.ts';

const shared = 'In the lab, two instances served one client in turn.';

/** Judges what the files declare. One instance needs no affinity, and neither does a server whose instances serve each client. */
export function judgeDeclaredAffinity(project: ProjectEvidence, all: Evidence): Judgement {
  if (deploysOnce(project))
    return notApplicable('The project declares no deployment with several instances.');
  const judgement = judgeUnits(project, judgeAffinity);
  if (judgement.verdict !== 'inconclusive') return judgement;
  if (sharedInLab(all) === 'pass') return notApplicable(`${shared} The server needs no session affinity.`);
  const sessions = all.wire && judgeSessions(all.wire);
  return sessions?.verdict === 'pass'
    ? notApplicable(`${sessions.finding} The server needs no session affinity.`)
    : judgement;
}

/** Judges whether the server serves requests without a session. Sessions that need no other instance are no obstacle. */
export function judgeUnsharedSessions(wire: WireEvidence, all: Evidence): Judgement {
  const judgement = judgeSessions(wire);
  if (judgement.verdict === 'pass') return judgement;
  if (sharedInLab(all) === 'pass') return notApplicable(`${shared} Its sessions are shared or not needed.`);
  const affinity = all.project && judgeUnits(all.project, judgeAffinity);
  return affinity?.verdict === 'pass'
    ? notApplicable(`The deployment keeps a client at one instance. ${affinity.finding}`)
    : judgement;
}

const roundRobin = provenBy('round-robin', judgeRoundRobin);
const sharedInLab = (all: Evidence) => all.lab && roundRobin(all.lab, all).verdict;

/** Whether the deployment was read, and none of it is the server's or names a number of instances. */
function deploysOnce(project: ProjectEvidence): boolean {
  const compose = project.compose.filter(({ files }) => !files.some(isNonProductionFile));
  const replicas = [...compose.flatMap(({ services }) => services), ...project.workloads].map(
    (one) => one.replicas,
  );
  return (
    serverUnits(project).length === 0 &&
    unreadDeployments(project).length === 0 &&
    !compose.some(({ broken }) => broken) &&
    replicas.every((declared) => declared === undefined || (declared.known && /^[01]$/.test(declared.value)))
  );
}
