import type { ChosenTool, NoTool } from '../../evidence/lab/client.ts';
import { isMarkedReadOnly, type ListedTool } from '../../protocol/listed-tool.ts';
import { singleLine } from '../../text/printable.ts';
import type { LabPlan } from '../plan.ts';
import { makeArguments } from './arguments.ts';
import { createPatterns } from './patterns.ts';

/** Tools to try until one sends an upstream request. */
const maxCandidates = 5;

/**
 * The tools that experiments may call: the configured one, or those that declare `readOnlyHint` and whose arguments can be
 * made. Calls of other tools could not be undone.
 *
 * @returns at least one, or why there is none
 */
export function callableTools(
  { tool: configured }: Pick<LabPlan, 'tool'>,
  tools: readonly ListedTool[],
): ChosenTool[] | NoTool {
  if (configured === undefined) return readOnlyTools(tools);
  const { name } = configured;
  const listed = tools.find((tool) => tool.name === name);
  if (listed === undefined) return none(`The server lists no tool "${name}".`);
  if (configured.arguments !== undefined) {
    return [{ chosen: true, name, arguments: configured.arguments, source: 'configured' }];
  }
  const made = makeArguments(listed.inputSchema);
  if ('problem' in made) return none(`The lab could not make arguments for "${name}". ${made.problem}`);
  return [{ chosen: true, name, arguments: made.value, source: 'schema' }];
}

function readOnlyTools(tools: readonly ListedTool[]): ChosenTool[] | NoTool {
  const readOnly = tools.filter(isMarkedReadOnly);
  const patterns = createPatterns();
  const callable: ChosenTool[] = [];
  let problem = '';
  for (const { name, inputSchema } of readOnly) {
    if (callable.length === maxCandidates) break;
    const made = makeArguments(inputSchema, 0, patterns);
    if ('value' in made) callable.push({ chosen: true, name, arguments: made.value, source: 'schema' });
    else problem ||= `${singleLine(name, 100)}: ${made.problem}`;
  }
  if (callable.length > 0) return callable;
  if (tools.length === 0) return none('The server lists no tools.');
  return none(
    readOnly.length === 0
      ? `No tool declares that it only reads (readOnlyHint). The server lists ${tools.length}.`
      : `The lab could not make arguments for any read-only tool. ${problem}`,
  );
}

function none(reason: string): NoTool {
  return { chosen: false, reason };
}
