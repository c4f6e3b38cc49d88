import type { Evidence } from '../../../evidence/evidence.ts';
import type { LabEvidence } from '../../../evidence/lab/lab.ts';
import { count } from '../../../text/counts.ts';
import { fail, inconclusive, type Judgement, notApplicable, pass } from '../../row.ts';
import { toldInLab, upstreamRequests } from './canary-leaks.ts';

/** Leaks that a finding shows; the rest only repeats them. */
const shownLeaks = 3;

const nameThem = 'Name the variables that hold secrets in "secrets".';

/** Judges whether a secret of the lab's own making showed up in anything that the server wrote or answered. */
export function judgeLeaks(lab: LabEvidence, all: Evidence): Judgement {
  const { leaks, lines, answers, failures } = toldInLab(lab, all);
  if (leaks.length > 0) {
    const each = new Map(leaks.map((leak) => [`${leak.secret} stood in ${leak.where}`, leak.source]));
    const more = each.size > shownLeaks ? `, and in ${each.size - shownLeaks} other places` : '';
    const found = [...each].slice(0, shownLeaks);
    return fail(`${found.map(([text]) => text).join('; ')}${more}.`, ...found.map(([, source]) => source));
  }
  if (lab.secrets.length === 0) {
    return lab.secretsNamed
      ? notApplicable('The configuration says that the server has no secrets: "secrets" is empty.')
      : inconclusive(`The lab gave the server no secrets that could be looked for. ${nameThem}`);
  }
  const read = `${count(lines, 'line')} and ${count(answers, 'answer')}, among them ${count(failures, 'failure')}`;
  const used = lab.secrets.filter((name) => isUsed(lab, name));
  if (used.length === 0) {
    return inconclusive(
      `${lab.secrets.join(', ')} stood in none of ${read}, but nothing shows that the server uses it. ${nameThem}`,
    );
  }
  if (failures === 0) {
    return inconclusive(
      `${lab.secrets.join(', ')} stood in none of ${read}; no call could be made to fail, which is when secrets are told. Name a tool in "tool" that asks an upstream.`,
    );
  }
  return pass(`${used.join(', ')} stood in none of ${read}.`);
}

/** Judges whether the token of clients goes on to upstreams. */
export function judgeForwarding(lab: LabEvidence): Judgement {
  const { credential } = lab;
  if (credential === null) {
    if (lab.baseline.connection !== null) return notApplicable('Clients are served without a token.');
    return inconclusive(
      'Which secret is the token of clients is not known. Name its variable in "credential".',
    );
  }
  const requests = upstreamRequests(lab);
  if (requests.length === 0) {
    return inconclusive(
      'Nothing was asked of an upstream that the lab stands before. Name a tool in "tool" that asks one.',
    );
  }
  const sentOn = requests.flatMap(({ host, canaries }) =>
    canaries.map(({ name, where }) => ({ name, text: `${host} (${where})` })),
  );
  const forwarded = sentOn.find(({ name }) => name === credential);
  if (forwarded !== undefined) {
    return fail(`${credential}, with which clients call, was sent on to ${forwarded.text}.`);
  }
  const [own] = sentOn;
  const instead = own === undefined ? '' : ` ${own.name} went to ${own.text}, as it should.`;
  return pass(
    `${credential}, with which clients call, was in none of ${count(requests.length, 'upstream request')}.${instead}`,
  );
}

/** Whether the lab saw that the server has use for a secret: clients call with it, it went upstream, or nothing starts without it. */
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
