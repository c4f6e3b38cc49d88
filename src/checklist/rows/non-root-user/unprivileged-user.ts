import type { LabEvidence } from '../../../evidence/lab/lab.ts';
import type { UnprivilegedUserHistory } from '../../../evidence/lab/unprivileged-user.ts';
import { outcomeText } from '../../reading/lab/answers.ts';
import { succeeded } from '../../reading/lab/calls.ts';
import { howItEnded, messageOf, servedAfter, servedText } from '../../reading/lab/launches.ts';
import { momentsOf } from '../../reading/lab/proven-by.ts';
import { fail, inconclusive, type Judgement, pass } from '../../row.ts';

const moment = momentsOf('unprivileged-user');

/** Judges whether the server runs as an unprivileged user, or could. */
export function judgeProcessUser(history: UnprivilegedUserHistory, { baseline }: LabEvidence): Judgement {
  const { launch, startedAs, failure } = history;
  const { outcome } = launch;
  const servedMs = servedAfter(launch);
  if (servedMs === null && startedAs !== null) return judgeNoStart(history, startedAs);
  const uid =
    outcome.kind === 'listening' ? outcome.listener.uid : outcome.kind === 'speaking' ? outcome.uid : null;
  const served = servedText(launch);
  if (servedMs === null || uid === null) {
    return inconclusive(`The user of the process that ${served} could not be determined.`);
  }
  if (startedAs === null ? uid === 0 : uid !== startedAs) {
    return inconclusive(
      `The lab started the server as ${startedAs === null ? 'an unprivileged user' : `user ${startedAs}`}, but the process that ${served} ran as user ${uid}.`,
    );
  }
  if (startedAs === null) {
    return pass(
      `The process that ${served} ran as user ${uid}.`,
      momentsOf('baseline')(servedMs, `the server ${served} as user ${uid}`),
    );
  }
  const started = moment(servedMs, `the server ${served} as user ${uid}`);
  const opening = `Started as user ${uid}, the server ${served}`;
  if (baseline.connection !== null && failure !== null) {
    return inconclusive(`${opening}, but no client could connect: ${failure}`);
  }
  const [call] = history.calls;
  const callServed = call !== undefined && succeeded(call);
  if (call !== undefined && !callServed && baseline.calls.some(succeeded)) {
    const finding = `${opening}, but a call that succeeds as root failed: ${outcomeText(call.outcome)}.`;
    const denied = denialIn(history);
    return denied === undefined
      ? inconclusive(`${finding} Whether missing permissions are the cause is unknown. See the server’s log.`)
      : fail(`${finding} The server printed: ${denied}`, started, moment(call.endedMs, 'the call ended'));
  }
  if (!callServed && baseline.connection === null) {
    return inconclusive(
      `${opening}. Whether it serves clients is unknown, because no client could connect as root either.`,
    );
  }
  return pass(
    `Started as user ${uid}, the server ${launch.port === null ? '' : 'listened and '}served ${callServed ? 'a call' : 'its client'}. It does not need root.`,
    started,
    ...(call === undefined ? [] : [moment(call.endedMs, `the call ended: ${outcomeText(call.outcome)}`)]),
  );
}

function judgeNoStart(history: UnprivilegedUserHistory, uid: number): Judgement {
  const { launch } = history;
  const { exit, outcome } = launch;
  const notServed = launch.port === null ? 'did not serve its client' : 'did not listen';
  const how = exit === null || outcome.kind === 'silent' ? notServed : `ended ${howItEnded(exit)}`;
  const denied = denialIn(history);
  if (denied !== undefined) {
    return fail(
      `As root, the server ${servedText(launch)}. As user ${uid}, it ${how} and printed: ${denied}`,
      moment(0, `the lab started the server as user ${uid}`),
      ...(exit === null ? [] : [moment(exit.atMs, `the server ${how}`)]),
    );
  }
  const message = messageOf(launch);
  return inconclusive(
    `Started as user ${uid}, the server ${how}. The cause is unknown: it may need root, or its files may belong to root here.${message === undefined ? '' : ` It printed: ${message}`} Run the audit as an unprivileged user.`,
  );
}

const maxShown = 300;

const denial = /\b(?:EACCES|EPERM|PermissionError)\b|permission denied|operation not permitted/i;
/** System calls that need a privilege. */
const privileged = /\b(?:listen|bind|setuid|setgid|setgroups|initgroups|chroot|mount|setrlimit)\b/i;
const needsRoot = (text: string): boolean =>
  saysAfter(text, /\b(?:must|needs?|requires?|has to|only)\b/i, /\b(?:root|superuser|sudo)\b/i);
/** Files here belong to the auditor, or may remain from a start as root. */
const userDirectories = /^\/(?:root|home|Users|tmp|var\/tmp|dev\/shm|private\/tmp)(?:\/|$)/;
const forbidsRoot = (text: string): boolean => saysAfter(text, /\b(?:not|never|without)\b/i, /\broot\b/i);

/** Whether one sentence matches the first pattern, and the second after it. */
const saysAfter = (text: string, first: RegExp, second: RegExp): boolean =>
  text.split('.').some((sentence) => {
    const found = first.exec(sentence);
    return found !== null && second.test(sentence.slice(found.index + found[0].length));
  });

/**
 * The output line that reports missing permissions: for a privileged system call, or for a system path. A path in the
 * project's directory proves nothing, because its owner is the auditor.
 */
function denialIn({ launch: { output }, project, lab }: UnprivilegedUserHistory): string | undefined {
  const isOwn = (path: string) =>
    userDirectories.test(path) || [project, lab].some((directory) => path.startsWith(directory));
  return output.lines
    .map(({ text }) => text)
    .find((text) => {
      if (needsRoot(text) && !forbidsRoot(text)) return true;
      if (!denial.test(text)) return false;
      const paths = text.match(/(?<![\w.~-])\/[\w.@+~-][^\s'"`,;:)\]}]*/g) ?? [];
      if (paths.some(isOwn)) return false;
      // A path relative to the project's directory.
      if (/['"`](?:\.{0,2}\/)?[\w.-]+\/[^'"`]*['"`]/.test(text) && paths.length === 0) return false;
      return paths.length > 0 || privileged.test(text);
    })
    ?.slice(0, maxShown);
}
