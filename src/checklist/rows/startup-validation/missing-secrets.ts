import type { LabEvidence } from '../../../evidence/lab/lab.ts';
import type { LaunchFacts } from '../../../evidence/lab/launch.ts';
import type { MissingSecretsHistory, WithheldSecret } from '../../../evidence/lab/missing-secrets.ts';
import { howItEnded, lastLine, mayNeedLonger, servedAfter, servedText } from '../../reading/lab/launches.ts';
import { momentsOf } from '../../reading/lab/proven-by.ts';
import { fail, inconclusive, type Judgement, notApplicable, pass, worst } from '../../row.ts';

const moment = momentsOf('missing-secrets');

const nothingNeeded = notApplicable(
  'The configuration says that the server needs no variable: "secrets" and "required" name none.',
);

/** Judges whether a start without each secret ends with a code other than 0. */
export function judgeStops({ withheld, untried }: MissingSecretsHistory, lab: LabEvidence): Judgement {
  if (withheld.length === 0) return nothingNeeded;
  const judged = withheld.map((one) => judgeStop(one, lab));
  const deciding = worst(judged);
  if (deciding.verdict !== 'pass') return deciding;
  const findings = judged.flatMap((one) => ('finding' in one ? [one.finding] : []));
  const sources = judged.flatMap((one) => ('sources' in one ? (one.sources ?? []) : []));
  const rest = untried.length === 0 ? '' : ` Not tried: ${untried.join(', ')}.`;
  return pass(`${findings.join(' ')}${rest}`, ...sources);
}

function judgeStop({ name, envFile, how, launch }: WithheldSecret, lab: LabEvidence): Judgement {
  if (lab.command.includes(`${name}=`)) {
    return inconclusive(`The start command itself sets ${name}, so that it could not be withheld.`);
  }
  const { outcome, exit } = launch;
  const servedMs = servedAfter(launch);
  const served = servedText(launch);
  const without = how === 'unset' ? `Without ${name}` : `With ${name} empty`;
  const begun = moment(0, `started w${without.slice(1)}`);
  if (exit !== null) {
    const before = servedMs === null ? '' : `, ${exit.atMs - servedMs} ms after it had ${served}`;
    const finding = `${without} it ended ${howItEnded(exit)} after ${exit.atMs} ms${before}.`;
    const ended = moment(exit.atMs, `ended ${howItEnded(exit)}`);
    return exit.code === 0 ? fail(finding, begun, ended) : pass(finding, begun, ended);
  }
  if (servedMs !== null && envFile !== null) {
    return inconclusive(
      `${without} it ${served} all the same, but ${envFile} has it, and the server may have read it there. Audit a copy of the project without ${envFile}.`,
    );
  }
  if (servedMs !== null) {
    return fail(
      `${without} it ${served} all the same. Variables that it can do without do not belong into "secrets".`,
      begun,
      moment(servedMs, served),
    );
  }
  const waitedMs = outcome.kind === 'silent' ? outcome.afterMs : 0;
  const finding = `${without} it neither ${served} nor ended within ${waitedMs} ms`;
  return mayNeedLonger(lab, waitedMs)
    ? inconclusive(`${finding}, but it starts slowly.`)
    : fail(`${finding}.`, begun, moment(waitedMs, 'still running'));
}

/** Judges whether what was written by a start that ended names the variable that was missing. */
export function judgeNames({ withheld }: MissingSecretsHistory): Judgement {
  if (withheld.length === 0) return nothingNeeded;
  const ended = withheld.filter(({ launch }) => launch.exit !== null);
  if (ended.length === 0) {
    return inconclusive('No start without a secret came to an end, so that none could say what is missing.');
  }
  const unnamed = ended.find(({ name, launch }) => !says(launch, name));
  if (unnamed === undefined) {
    return pass(`Its output names what is missing: ${ended.map(({ name }) => name).join(', ')}.`);
  }
  const { name, launch } = unnamed;
  const last = lastLine(launch);
  return fail(
    last === undefined
      ? `Without ${name} it ended and wrote nothing.`
      : `Without ${name} it ended, and nothing that it wrote names it; the last line: ${last}`,
    moment(0, `started without ${name}`),
  );
}

/** Settings libraries write names in their own case. A mask has the name in it, and is none of the server's words. */
function says({ output }: LaunchFacts, name: string): boolean {
  const word = new RegExp(`(?<![A-Za-z0-9_])${name.replace(/\W/g, '\\$&')}(?![A-Za-z0-9_])`, 'i');
  return output.lines.some(({ text }) => word.test(text.replaceAll(`<canary ${name}>`, '')));
}
