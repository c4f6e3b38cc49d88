import type { ToolCall, WireEvidence } from '../../../evidence/wire.ts';
import { quoted } from '../../../text/printable.ts';
import { answerOf, exchangeOf, isNotNow, summary } from '../../reading/wire/exchanges.ts';
import { fail, inconclusive, type Judgement, pass, worst } from '../../row.ts';
import { leakOf } from './leaks.ts';

/** Whether the calls with arguments that the tool's schema forbids were answered with errors that name them. */
export function judgeBadArguments(wire: WireEvidence): Judgement {
  const bad = wire.toolCalls.filter(({ kind }) => kind === 'bad-arguments');
  if (bad.length > 0) return worst(bad.map((call) => judgeCall(wire, call)));
  const [called] = wire.toolCalls;
  const left = wire.omitted.find(({ probe }) => probe.startsWith('call of '));
  if (left) return inconclusive(`Not sent, ${left.probe}: ${left.reason}`);
  return inconclusive(
    called
      ? `The schema of ${called.tool} requires no argument and names no type, so none can be bad.`
      : 'No tool is called unless it is named, with arguments that it accepts: --tool <name> --tool-args <json>.',
  );
}

function judgeCall(wire: WireEvidence, call: ToolCall): Judgement {
  const exchange = exchangeOf(wire, call.exchange);
  const what = `${summary(exchange)} (${exchange.purpose})`;
  const argument = call.defect?.argument ?? '';
  if (call.outcome === 'result') {
    return fail(
      `${what}: it was answered like a good call, although the tool's own schema forbids it.`,
      exchange,
    );
  }
  if (call.outcome === 'none') return judgeUnanswered(wire, call, what);
  const leak = leakOf(exchange, call.text);
  if (leak) return fail(`${what}: the error holds ${leak}.`, exchange);
  if (names(call.text, argument)) {
    return pass(`${what}: the error names "${argument}".`, exchange);
  }
  const good = wire.toolCalls.find(({ kind }) => kind === 'good-arguments');
  return good?.outcome === 'result'
    ? fail(`${what}: the error does not name "${argument}": ${quoted(call.text)}.`, exchange)
    : inconclusive(
        `${what}: ${quoted(call.text)}; but the call with the given arguments had no result either. Check --tool-args.`,
      );
}

/** No JSON-RPC response was read. */
function judgeUnanswered(wire: WireEvidence, call: ToolCall, what: string): Judgement {
  const status = answerOf(wire, call.exchange)?.status ?? 0;
  return status >= 500 && !isNotNow(status)
    ? fail(`${what}: the server broke over it.`, exchangeOf(wire, call.exchange))
    : inconclusive(`${what}: neither a result nor an error.`);
}

/** As a word of its own: "city" is not named by "capacity". */
export function names(text: string, argument: string): boolean {
  const escaped = argument.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`(?<![A-Za-z0-9])${escaped}(?![A-Za-z0-9])`, 'i').test(text);
}
