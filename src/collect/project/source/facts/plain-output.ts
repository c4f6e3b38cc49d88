import type { FactReader, Language } from '../languages/language.ts';
import type { Call, Value } from '../module.ts';
import type { Names } from '../names.ts';
import { placeOf } from './reading.ts';

/** Functions that run once, before the first request or after the last. */
const oneOffFunction =
  /^(?:main|bootstrap|start\w*|run\w*|serve|listen|init\w*|setup\w*|boot|shutdown|cleanup|stop|close|usage|help|print\w*|show\w*|display\w*|cli|parse\w*|die|fatal|exit\w*|install\w*|login|prompt\w*)$/i;

/** Functions whose callbacks run once, or at an unknown time. */
const oneOffCallback =
  /^(?:listen|on|once|catch|then|finally|serve|action|command|exit|bind|register|add_signal_handler)$/;

/** Functions whose callbacks run for each request. */
const requestCallback =
  /^(?:get|post|put|patch|delete|all|use|route|tool|addTool|registerTool|setRequestHandler)$/;

/** Records lines that are printed without a logger, except for JSON and output to a file. */
export const readPlainOutput: FactReader = ({ module, names, facts }, { print }) => {
  for (const call of module.calls) {
    const name = names.of(call.callee);
    if (name === undefined || !print.calls.test(name) || isStructured(call, names, print)) continue;
    facts.plainOutput.push({
      call: name.replace('global.', ''),
      when: isOnce(call) ? 'start' : 'running',
      at: placeOf(module, call.line),
    });
  }
};

function isStructured({ args, keywords, open }: Call, names: Names, print: Language['print']): boolean {
  const file = keywords.get('file');
  if (open || (file !== undefined && !/^sys\.std(?:out|err)$/.test(names.of(file) ?? ''))) return true;
  const [line, ...more] = args;
  // The value of a variable may be JSON.
  return line === undefined || (more.length === 0 && mayBeJson(line, names, print));
}

function mayBeJson(line: Value, names: Names, print: Language['print']): boolean {
  if (line.kind === 'variable' || line.kind === 'member') return true;
  return line.kind === 'call' && !print.toText.test(names.of(line.call.callee) ?? '');
}

/** Whether a call is outside of functions, or in a function or callback that runs once. */
function isOnce(call: Call): boolean {
  const around = outerCalls(call);
  if (around.some((name) => requestCallback.test(name))) return false;
  return (
    call.functions.length === 0 ||
    call.functions.some((name) => oneOffFunction.test(name)) ||
    around.some((name) => oneOffCallback.test(name))
  );
}

/** The last names of the calls that have this one in an argument. */
function outerCalls(call: Call): string[] {
  const names: string[] = [];
  for (let outer = call.within; outer && names.length < 20; outer = outer.within) {
    const { callee } = outer;
    if (callee.kind === 'member' || callee.kind === 'variable') names.push(callee.name);
  }
  return names;
}
