import type { Evidence } from '../../../evidence/evidence.ts';
import type { LabEvidence } from '../../../evidence/lab/lab.ts';
import type { BalancedClient, RoundRobinHistory } from '../../../evidence/lab/round-robin.ts';
import { outcomeText } from '../../reading/lab/answers.ts';
import { succeeded } from '../../reading/lab/calls.ts';
import { momentsOf } from '../../reading/lab/proven-by.ts';
import { judgeUnits } from '../../reading/server/server-units.ts';
import { whyUnread } from '../../reading/server/unfinished.ts';
import { fail, inconclusive, type Judgement, type Moment, notApplicable, pass } from '../../row.ts';
import { judgeAffinity } from './affinity.ts';

const moment = momentsOf('round-robin');

/** Whether one client was served by two instances in turn. One that needs affinity, and says so, is judged by that. */
export function judgeRoundRobin(
  history: RoundRobinHistory,
  _lab: LabEvidence,
  { project }: Evidence,
): Judgement {
  const { alone, clients } = history;
  const unserved = problemOf(alone);
  if (unserved !== undefined) {
    return inconclusive(
      `Behind the lab’s balancer one instance alone did not serve a client either (${unserved.text}), so that two of them show nothing.${unserved.help ?? ''}`,
    );
  }
  const limited = clients.some(({ requests }) => requests.some(({ status }) => status === 429));
  if (limited) {
    return inconclusive('A rate limit was met on the way. Raise it with "env" in the configuration.');
  }
  const failing = clients.filter((client) => problemOf(client) !== undefined);
  if (failing[0] !== undefined) return judgeFailing(failing[0], failing.length < clients.length, project);
  const [first, second] = [0, 1].map((instance) => servedBy(clients, instance));
  if (!first || !second) return inconclusive('Only one of the two instances was asked.');
  const calls = clients.reduce((sum, client) => sum + client.calls.length + client.lists.length, 0);
  return pass(
    `Two instances served one client in turn (${first} and ${second} requests): ${calls} calls and lists, all with a result.`,
    ...clients.flatMap(({ requests }) => momentsIn(requests.slice(0, 3))),
  );
}

function judgeFailing(client: BalancedClient, once: boolean, project: Evidence['project']): Judgement {
  const { requests } = client;
  const why = problemOf(client)?.text ?? '';
  const statuses = requests.map(({ status }) => status ?? 'none').slice(0, 10);
  const finding = `Behind a balancer that gives each request to the next of two instances, a client failed (${why}); one instance alone serves it. The answers in turn: ${statuses.join(', ')}.`;
  // Whoever could not be reached at all says nothing of sessions.
  if (requests.every(({ status }) => status === null)) return inconclusive(finding);
  if (once)
    return inconclusive(`${finding} Another client, which began with the other instance, was served.`);
  const affinity = project === undefined ? undefined : judgeUnits(project, judgeAffinity);
  if (affinity?.verdict === 'pass') {
    return notApplicable(`${finding} Its deployment keeps a client with one instance: ${affinity.finding}`);
  }
  return whyUnread(project) ?? fail(finding, ...momentsIn(requests.slice(0, 6)));
}

/** What went wrong for a client; undefined: it was served. */
function problemOf({ failure, calls, lists }: BalancedClient): { text: string; help?: string } | undefined {
  if (failure !== null) return { text: `it could not connect: ${failure}` };
  const call = calls.find((one) => !succeeded(one));
  if (call !== undefined) {
    return { text: outcomeText(call.outcome), help: ' Name a tool in "tool" with arguments that work.' };
  }
  const list = lists.find(({ tools }) => tools === null);
  return list && { text: `tools/list: ${list.problem ?? 'no answer'}` };
}

function servedBy(clients: readonly BalancedClient[], instance: number): number {
  const requests = clients.flatMap((client) => client.requests);
  return requests.filter(
    (request) => request.instance === instance && request.status !== null && request.status < 300,
  ).length;
}

const momentsIn = (requests: BalancedClient['requests']): Moment[] =>
  requests.map(({ atMs, method, instance, status }) =>
    moment(atMs, `${method} to instance ${instance + 1}: ${status ?? 'no answer'}`),
  );
