import type { Evidence } from '../../../evidence/evidence.ts';
import type { LabEvidence } from '../../../evidence/lab/lab.ts';
import type { BalancedClient, RoundRobinHistory } from '../../../evidence/lab/round-robin.ts';
import { momentsOf } from '../../reading/lab/proven-by.ts';
import { judgeUnits } from '../../reading/server/server-units.ts';
import { whyUnread } from '../../reading/server/unfinished.ts';
import { fail, inconclusive, type Judgement, type Moment, notApplicable, pass } from '../../row.ts';
import { judgeAffinity } from './affinity.ts';
import { connectionProblem, otherError, servedText, servingProblem } from './balanced-client.ts';

const moment = momentsOf('round-robin');

/** Judges whether two instances in turn serve one client. Declared affinity makes a failure not applicable. */
export function judgeRoundRobin(
  { alone, clients }: RoundRobinHistory,
  _lab: LabEvidence,
  { project }: Evidence,
): Judgement {
  const problem = connectionProblem(alone);
  if (problem !== undefined) {
    return inconclusive(
      `Behind the lab’s balancer, a single instance did not serve a client (${problem}). Whether two instances do is unknown.`,
    );
  }
  if ([alone, ...clients].some(({ requests }) => requests.some(({ status }) => status === 429))) {
    return inconclusive('The server limited the rate of the lab’s clients. Raise the limit with "env".');
  }
  const failures = clients.flatMap((client) => {
    const text = servingProblem(client, alone);
    return text === undefined ? [] : [{ client, text }];
  });
  const [failed] = failures;
  if (failed !== undefined) return judgeFailed(failed, failures.length < clients.length, project);
  const error = clients.map((client) => otherError(client, alone)).find((text) => text !== undefined);
  if (error !== undefined) {
    return inconclusive(
      `Calls fail with one instance, and with another error when two instances serve one client (${error}). Whether a session is the cause is unknown. Name a tool in "tool" with arguments that work.`,
    );
  }
  const [first, second] = [0, 1].map((instance) => servedBy(clients, instance));
  if (!first || !second) return inconclusive('Only one of the two instances served requests.');
  return pass(
    `Two instances behind a round-robin balancer served each client in turn (${first} and ${second} requests). ${servedText(clients, alone)}`,
    ...clients.flatMap(({ requests }) => momentsIn(requests.slice(0, 3))),
  );
}

function judgeFailed(
  { client: { requests }, text }: { client: BalancedClient; text: string },
  otherServed: boolean,
  project: Evidence['project'],
): Judgement {
  const statuses = requests.map(({ status }) => status ?? 'none').slice(0, 10);
  const finding = `Behind a round-robin balancer with two instances, a client failed (${text}). One instance alone served it. The statuses in order: ${statuses.join(', ')}.`;
  // A client without any response shows nothing about sessions.
  if (requests.every(({ status }) => status === null)) return inconclusive(finding);
  if (otherServed) {
    return inconclusive(`${finding} Another client, which started at the other instance, succeeded.`);
  }
  const affinity = project === undefined ? undefined : judgeUnits(project, judgeAffinity);
  if (affinity?.verdict === 'pass') {
    return notApplicable(`${finding} The deployment keeps a client at one instance. ${affinity.finding}`);
  }
  return whyUnread(project) ?? fail(finding, ...momentsIn(requests.slice(0, 6)));
}

function servedBy(clients: readonly BalancedClient[], instance: number): number {
  const requests = clients.flatMap((client) => client.requests);
  return requests.filter(
    (request) => request.instance === instance && request.status !== null && request.status < 300,
  ).length;
}

const momentsIn = (requests: BalancedClient['requests']): Moment[] =>
  requests.map(({ atMs, method, instance, status }) =>
    moment(atMs, `${method} to instance ${instance + 1}: ${status ?? 'no response'}`),
  );
