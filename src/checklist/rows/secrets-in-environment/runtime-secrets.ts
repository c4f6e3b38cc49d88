import type { Evidence } from '../../../evidence/evidence.ts';
import type { LabEvidence } from '../../../evidence/lab/lab.ts';
import { count, joined } from '../../../text/counts.ts';
import { nameUpstreamTool } from '../../reading/lab/calls.ts';
import { upstreamRequests } from '../../reading/lab/records.ts';
import { fail, inconclusive, type Judgement, notApplicable, pass } from '../../row.ts';
import { scanForLeaks } from './canary-leaks.ts';

/** Leaks that a finding shows. */
const shownLeaks = 3;

const nameSecrets = 'Name the variables that hold secrets in "secrets".';

/** Judges whether a canary secret appeared in anything that the server wrote or answered. */
export function judgeLeaks(lab: LabEvidence, all: Evidence): Judgement {
  const { leaks, lines, responses, errors } = scanForLeaks(lab, all);
  if (leaks.length > 0) {
    const distinct = [...new Map(leaks.map((leak) => [leak.text, leak])).values()];
    const shown = distinct.slice(0, shownLeaks);
    const more = distinct.length - shown.length;
    return fail(
      `The server ${shown.map(({ text }) => text).join('. It ')}.${more > 0 ? ` It leaked secrets in ${count(more, 'more place')}.` : ''}`,
      ...shown.map(({ source }) => source),
    );
  }
  if (lab.secrets.length === 0) {
    return lab.secretsNamed
      ? notApplicable('The server has no secrets: "secrets" is empty in the configuration.')
      : inconclusive(`The lab knows no secret that it could search for. ${nameSecrets}`);
  }
  const clean = (names: readonly string[]) =>
    `The server wrote ${count(lines, 'log line')} and sent ${count(responses, 'response')} (${count(errors, 'error')}). None contains the value of ${joined(names.map(withArticle), 'or')}.`;
  const used = lab.secrets.filter((name) => isUsed(lab, name));
  if (used.length === 0) {
    return inconclusive(`${clean(lab.secrets)} Whether the server uses it is unknown. ${nameSecrets}`);
  }
  if (errors === 0) {
    return inconclusive(
      `${clean(lab.secrets)} But no call failed, and secrets leak most often in errors. Name a tool in "tool" that calls an upstream.`,
    );
  }
  return pass(clean(used));
}

/** Judges whether the server forwards the client’s token to upstreams. */
export function judgeForwarding(lab: LabEvidence): Judgement {
  const { credential } = lab;
  if (credential === null) {
    if (lab.baseline.connection !== null) return notApplicable('The server serves clients without a token.');
    return inconclusive('Which secret is the client’s token is unknown. Name its variable in "credential".');
  }
  const requests = upstreamRequests(lab);
  if (requests.length === 0) {
    return inconclusive(`The server sent no upstream request through the lab’s gateway. ${nameUpstreamTool}`);
  }
  const sent = requests.flatMap(({ host, canaries }) =>
    canaries.map(({ name, where }) => ({ name, to: `${host} (${where})` })),
  );
  const forwarded = sent.find(({ name }) => name === credential);
  if (forwarded !== undefined) {
    return fail(`The server forwarded the client’s token (${credential}) to ${forwarded.to}.`);
  }
  const [own] = sent;
  const instead = own === undefined ? '' : ` The server sent ${own.name} to ${own.to} instead.`;
  return pass(
    `The server sent ${count(requests.length, 'upstream request')}. None contains the client’s token (${credential}).${instead}`,
  );
}

/** "the access token"; the name of a variable stays as it is. */
const withArticle = (name: string): string => (name.includes(' ') ? `the ${name}` : name);

/** Whether the server uses a secret: clients call with it, it went upstream, or the server does not start without it. */
function isUsed(lab: LabEvidence, name: string): boolean {
  if (name === lab.credential && lab.baseline.connection !== null) return true;
  if (upstreamRequests(lab).some(({ canaries }) => canaries.some((canary) => canary.name === name)))
    return true;
  const missing = lab.experiments['missing-secrets'];
  return (
    missing?.ran === true &&
    missing.history.withheld.some((one) => one.name === name && one.launch.outcome.kind === 'exited')
  );
}
