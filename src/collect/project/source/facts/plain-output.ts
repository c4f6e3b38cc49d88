import type { FactReader, Language } from '../languages/language.ts';
import type { Call, Value } from '../module.ts';
import type { Names } from '../names.ts';
import { placeOf } from './reading.ts';

/** Functions that run once, before or after anything is served. */
const once =
  /^(?:main|bootstrap|start\w*|run\w*|serve|listen|init\w*|setup\w*|boot|shutdown|cleanup|stop|close|usage|help|print\w*|show\w*|display\w*|cli|parse\w*|die|fatal|exit\w*|install\w*|login|prompt\w*)$/i;

/** Callbacks of these run before or after anything is served, or nobody knows when. */
const callbacks =
  /^(?:listen|on|once|catch|then|finally|serve|action|command|exit|bind|register|add_signal_handler)$/;

/** Callbacks of these run for each request. */
const serving = /^(?:get|post|put|patch|delete|all|use|route|tool|addTool|registerTool|setRequestHandler)$/;

/** Records lines that are printed without a logger. What is printed as JSON is none of them, nor what goes to a file. */
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
  // What a variable holds may be JSON as well.
  return line === undefined || (more.length === 0 && mayBeJson(line, names, print));
}

function mayBeJson(line: Value, names: Names, print: Language['print']): boolean {
  if (line.kind === 'variable') return true;
  if (line.kind === 'member') return true;
  return line.kind === 'call' && !print.toText.test(names.of(line.call.callee) ?? '');
}

/** Outside of any function, in one that runs once, or in a callback of what happens once. */
function isOnce(call: Call): boolean {
  const around = outerCalls(call);
  if (around.some((name) => serving.test(name))) return false;
  return (
    call.functions.length === 0 ||
    call.functions.some((name) => once.test(name)) ||
    around.some((name) => callbacks.test(name))
  );
}

/** The last names of the calls in whose arguments this one stands. */
function outerCalls(call: Call): string[] {
  const names: string[] = [];
  for (let outer = call.within; outer && names.length < 20; outer = outer.within) {
    const { callee } = outer;
    if (callee.kind === 'member' || callee.kind === 'variable') names.push(callee.name);
  }
  return names;
}
