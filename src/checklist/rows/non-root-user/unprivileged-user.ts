import type { LabEvidence } from '../../../evidence/lab/lab.ts';
import type { LaunchFacts, LaunchOutcome } from '../../../evidence/lab/launch.ts';
import type { UnprivilegedUserHistory } from '../../../evidence/lab/unprivileged-user.ts';
import { outcomeText } from '../../reading/lab/answers.ts';
import { succeeded } from '../../reading/lab/calls.ts';
import { howItEnded, lastLine, servedAfter } from '../../reading/lab/launches.ts';
import { momentsOf } from '../../reading/lab/proven-by.ts';
import { fail, inconclusive, type Judgement, pass } from '../../row.ts';

const moment = momentsOf('unprivileged-user');

/** Whether the process that listens is not root, or need not be. */
export function judgeProcessUser(history: UnprivilegedUserHistory, { baseline }: LabEvidence): Judgement {
  const { launch, startedAs, failure } = history;
  const { outcome } = launch;
  const uid = outcome.kind === 'listening' ? outcome.listener.uid : speakerOf(outcome);
  const servedMs = servedAfter(launch);
  const does = doesText(launch);
  if (startedAs === null) {
    if (servedMs === null || !uid) return inconclusive(`Nobody tells the user of the process that ${does}.`);
    return pass(
      `The process that ${does} runs as user ${uid}.`,
      momentsOf('baseline')(servedMs, `user ${uid} ${does}`),
    );
  }
  if (servedMs === null) return judgeNoStart(history, startedAs);
  if (uid !== startedAs) {
    return inconclusive(`It was started as user ${startedAs}, but user ${uid} ${does}.`);
  }
  const started = moment(servedMs, `it ${does} as user ${uid}`);
  if (baseline.connection !== null && failure !== null) {
    return inconclusive(`As user ${uid} it ${does}, but a client did not connect: ${failure}`);
  }
  const [call] = history.calls;
  const before = baseline.calls.find(succeeded);
  if (call !== undefined && before !== undefined && !succeeded(call)) {
    const denied = denialIn(history);
    const told = `As user ${uid} it ${does}, but a call came to nothing that root is served: ${outcomeText(call.outcome)}.`;
    return denied === undefined
      ? inconclusive(told)
      : fail(`${told} It printed: ${denied}`, started, moment(call.endedMs, 'the call ended'));
  }
  const served =
    call !== undefined && succeeded(call)
      ? 'serves a call'
      : baseline.connection !== null
        ? servesClient
        : undefined;
  if (served === undefined) {
    return inconclusive(`As user ${uid} it ${does}; that it serves anything was not seen.`);
  }
  return pass(
    `Started as user ${uid} it ${does}${served === does ? '' : ` and ${served}`}: it does not need root.`,
    started,
    ...(call === undefined ? [] : [moment(call.endedMs, `a call: ${outcomeText(call.outcome)}`)]),
  );
}

const speakerOf = (outcome: LaunchOutcome): number | null =>
  outcome.kind === 'speaking' ? outcome.uid : null;

/** What a server does that serves. */
const doesText = ({ port }: LaunchFacts): string => (port === null ? servesClient : 'listens');
const servesClient = 'serves a client';

function judgeNoStart(history: UnprivilegedUserHistory, uid: number): Judgement {
  const { launch } = history;
  const { exit, outcome } = launch;
  const does = doesText(launch);
  const not = launch.port === null ? 'did not serve a client' : 'did not listen';
  const how = exit === null || outcome.kind === 'silent' ? not : `ended ${howItEnded(exit)}`;
  const denied = denialIn(history);
  if (denied !== undefined) {
    return fail(
      `Started as user ${uid} it ${how}, and as root it ${does}. It printed: ${denied}`,
      moment(0, `started as user ${uid}`),
      ...(exit === null ? [] : [moment(exit.atMs, `it ${how}`)]),
    );
  }
  const last = lastLine(launch);
  return inconclusive(
    `Started as user ${uid} it ${how}, and nothing shows that its rights are the reason, and not that its files belong to root here.${last === undefined ? '' : ` Its last line: ${last}`} Run the audit as an unprivileged user.`,
  );
}

const maxShown = 300;

const denial = /\b(?:EACCES|EPERM|PermissionError)\b|permission denied|operation not permitted/i;
/** System calls that need a privilege, wherever the files lie. */
const privileged = /\b(?:listen|bind|setuid|setgid|setgroups|initgroups|chroot|mount|setrlimit)\b/i;
const wantsRoot = (text: string): boolean =>
  saysAfter(text, /\b(?:must|needs?|requires?|has to|only)\b/i, /\b(?:root|superuser|sudo)\b/i);
/** What lies there belongs to whoever audits, or may be left there by a start as root. */
const notOfTheSystem = /^\/(?:root|home|Users|tmp|var\/tmp|dev\/shm|private\/tmp)(?:\/|$)/;
const forbidsRoot = (text: string): boolean => saysAfter(text, /\b(?:not|never|without)\b/i, /\broot\b/i);

/** Whether one sentence has a word, and another after it. */
const saysAfter = (text: string, first: RegExp, second: RegExp): boolean =>
  text.split('.').some((sentence) => {
    const found = first.exec(sentence);
    return found !== null && second.test(sentence.slice(found.index + found[0].length));
  });

/**
 * The line that says that rights were missing: for something that needs a privilege, or for a place of the system. What lies in
 * the project's directory belongs to whoever made it, and is no proof.
 */
function denialIn({ launch: { output }, project, lab }: UnprivilegedUserHistory): string | undefined {
  const isOwn = (place: string) =>
    notOfTheSystem.test(place) || [project, lab].some((directory) => place.startsWith(directory));
  return output.lines
    .map(({ text }) => text)
    .find((text) => {
      if (wantsRoot(text) && !forbidsRoot(text)) return true;
      if (!denial.test(text)) return false;
      const places = text.match(/(?<![\w.~-])\/[\w.@+~-][^\s'"`,;:)\]}]*/g) ?? [];
      if (places.some(isOwn)) return false;
      // Relative to the project's directory.
      if (/['"`](?:\.{0,2}\/)?[\w.-]+\/[^'"`]*['"`]/.test(text) && places.length === 0) return false;
      return places.length > 0 || privileged.test(text);
    })
    ?.slice(0, maxShown);
}
