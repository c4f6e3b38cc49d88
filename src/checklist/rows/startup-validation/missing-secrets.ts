import type { LabEvidence } from '../../../evidence/lab/lab.ts';
import type { LaunchFacts } from '../../../evidence/lab/launch.ts';
import type { MissingSecretsHistory, WithheldSecret } from '../../../evidence/lab/missing-secrets.ts';
import { capitalised } from '../../../text/printable.ts';
import { howItEnded, mayNeedLonger, messageOf, servedAfter, servedText } from '../../reading/lab/launches.ts';
import { momentsOf } from '../../reading/lab/proven-by.ts';
import { allOf, fail, inconclusive, type Judgement, notApplicable, pass } from '../../row.ts';

const moment = momentsOf('missing-secrets');

const nothingNeeded = notApplicable('The server needs no variable: "secrets" and "required" name none.');

/** Judges whether every start without a secret ends with a non-zero code. */
export function judgeStops({ withheld, untried }: MissingSecretsHistory, lab: LabEvidence): Judgement {
  if (withheld.length === 0) return nothingNeeded;
  const judged = allOf(withheld.map((secret) => judgeStop(secret, lab)));
  return judged.verdict === 'pass' && untried.length > 0
    ? { ...judged, finding: `${judged.finding} Not tried: ${untried.join(', ')}.` }
    : judged;
}

function judgeStop({ name, envFile, how, launch }: WithheldSecret, lab: LabEvidence): Judgement {
  if (lab.command.includes(`${name}=`)) {
    return inconclusive(`The start command sets ${name} itself, and the lab could not withhold it.`);
  }
  const { outcome, exit } = launch;
  const servedMs = servedAfter(launch);
  const served = servedText(launch);
  const without = how === 'unset' ? `without ${name}` : `with ${name} empty`;
  const begin = `${capitalised(without)}, the server`;
  const start = moment(0, `started ${without}`);
  if (exit !== null) {
    const before = servedMs === null ? '' : ` It ${served} ${exit.atMs - servedMs} ms before that.`;
    const finding = `${begin} ended ${howItEnded(exit)} after ${exit.atMs} ms`;
    const ended = moment(exit.atMs, `ended ${howItEnded(exit)}`);
    return exit.code === 0
      ? fail(`${finding}; a missing secret needs a non-zero code.${before}`, start, ended)
      : pass(`${finding}.${before}`, start, ended);
  }
  if (servedMs !== null && envFile !== null) {
    return inconclusive(
      `${begin} still ${served}. It may have read ${name} from ${envFile}. Audit a copy of the project without ${envFile}.`,
    );
  }
  if (servedMs !== null) {
    return fail(
      `${begin} still ${served} after ${servedMs} ms. If ${name} is optional, remove it from "secrets".`,
      start,
      moment(servedMs, served),
    );
  }
  const waitedMs = outcome.kind === 'silent' ? outcome.afterMs : 0;
  const finding = `${begin} neither ${served} nor ended within ${waitedMs} ms`;
  return mayNeedLonger(lab, waitedMs)
    ? inconclusive(`${finding}, but it starts slowly. Allow more time with "patienceMs".`)
    : fail(`${finding}.`, start, moment(waitedMs, 'still running'));
}

/** Judges whether the output of every start that ended names the missing variable. */
export function judgeNames({ withheld }: MissingSecretsHistory): Judgement {
  if (withheld.length === 0) return nothingNeeded;
  const ended = withheld.filter(({ launch }) => launch.exit !== null);
  if (ended.length === 0) {
    return inconclusive(
      'The server kept running without each secret. Whether its output names a missing variable is unknown.',
    );
  }
  const unnamed = ended.find(({ name, launch }) => !namesVariable(launch, name));
  if (unnamed === undefined) {
    return pass(`The output named each missing variable: ${ended.map(({ name }) => name).join(', ')}.`);
  }
  const { name, launch } = unnamed;
  const message = messageOf(launch);
  return fail(
    message === undefined
      ? `Without ${name}, the server ended without any output.`
      : `Without ${name}, the server ended, but its output does not name the variable. It printed: ${message}`,
    moment(0, `started without ${name}`),
  );
}

/** In any case, as settings libraries write it. The lab's own masks contain the name and do not count. */
function namesVariable({ output }: LaunchFacts, name: string): boolean {
  const word = new RegExp(`(?<![A-Za-z0-9_])${name.replace(/\W/g, '\\$&')}(?![A-Za-z0-9_])`, 'i');
  return output.lines.some(({ text }) => word.test(text.replaceAll(`<canary ${name}>`, '')));
}
