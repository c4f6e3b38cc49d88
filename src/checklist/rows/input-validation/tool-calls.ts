import type { ToolCall, WireEvidence } from '../../../evidence/wire.ts';
import { quoted } from '../../../text/printable.ts';
import {
  answerOf,
  exchangeOf,
  isUnavailable,
  listedTools,
  probeSummary,
} from '../../reading/wire/exchanges.ts';
import { fail, inconclusive, type Judgement, notApplicable, pass, worst } from '../../row.ts';
import { leakOf } from './leaks.ts';

/** Judges whether the server answers forbidden arguments with errors that name them. */
export function judgeBadArguments(wire: WireEvidence): Judgement {
  const bad = wire.toolCalls.filter(({ kind }) => kind === 'bad-arguments');
  if (bad.length > 0) return worst(bad.map((call) => judgeCall(wire, call)));
  const [called] = wire.toolCalls;
  const omitted = wire.omitted.find(({ probe }) => probe.startsWith('call of '));
  if (omitted) return inconclusive(`The audit did not send the ${omitted.probe}. ${omitted.reason}`);
  const tools = listedTools(wire);
  if (tools?.size === 0) return notApplicable(noTools);
  if (called) return judgeUnlimited(called.tool, tools?.size);
  return inconclusive(
    'The audit called no tool. Name one, with arguments that it accepts: --tool <name> --tool-args <json>.',
  );
}

export const noTools = 'The server lists no tools.';

/** No argument can violate the schema of this tool. Another tool may have one that limits its arguments. */
export function judgeUnlimited(tool: string, tools: number | undefined): Judgement {
  const reason = `The schema of ${tool} requires no argument and names no type. No argument can violate it.`;
  return tools === 1
    ? notApplicable(`${reason} The server has no other tool.`)
    : inconclusive(`${reason} Name another tool.`);
}

function judgeCall(wire: WireEvidence, call: ToolCall): Judgement {
  const exchange = exchangeOf(wire, call.exchange);
  const response = `${probeSummary(exchange)}.`;
  const argument = call.defect?.argument ?? '';
  if (call.outcome === 'result') {
    return fail(
      `${response} The server returned a result, although the tool’s schema forbids this.`,
      exchange,
    );
  }
  if (call.outcome === 'none') {
    const status = answerOf(wire, call.exchange)?.status ?? 0;
    return status >= 500 && !isUnavailable(status)
      ? fail(`${response} Expected: an error that names "${argument}".`, exchange)
      : inconclusive(`${response} The server returned neither a result nor an error. See the server’s log.`);
  }
  const leak = leakOf(exchange, call.text);
  if (leak) return fail(`${response} The error contains ${leak}.`, exchange);
  if (names(call.text, argument)) return pass(`${response} The error names "${argument}".`, exchange);
  const unnamed = `${response} The error does not name "${argument}": ${quoted(call.text)}.`;
  const good = wire.toolCalls.find(({ kind }) => kind === 'good-arguments');
  return good?.outcome === 'result'
    ? fail(unnamed, exchange)
    : inconclusive(`${unnamed} But the call with the given arguments failed, too. Check --tool-args.`);
}

/** Whether a text has the argument as a whole word: "capacity" does not name "city". */
export function names(text: string, argument: string): boolean {
  const escaped = argument.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`(?<![A-Za-z0-9])${escaped}(?![A-Za-z0-9])`, 'i').test(text);
}
