import type { ListedTool } from '../../collect/wire/mcp/sdk-clients.ts';
import type { ChosenTool, NoTool } from '../../evidence/lab/client.ts';
import type { LabPlan } from '../plan.ts';
import { makeArguments } from './arguments.ts';

/** So many tools are tried, to find one that asks an upstream. */
const maxCandidates = 5;

/**
 * The tools that experiments may call: the configured one, else those that say that they only read (`readOnlyHint`) and
 * whose arguments can be made. Nothing else is called: what it does could not be undone.
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
  if (made === undefined) return none(`No arguments for "${name}" could be made from its schema.`);
  return [{ chosen: true, name, arguments: made, source: 'schema' }];
}

function readOnlyTools(tools: readonly ListedTool[]): ChosenTool[] | NoTool {
  const readOnly = tools.filter(({ annotations }) => annotations?.readOnlyHint === true);
  const callable = readOnly.flatMap(({ name, inputSchema }): ChosenTool[] => {
    const made = makeArguments(inputSchema);
    return made === undefined ? [] : [{ chosen: true, name, arguments: made, source: 'schema' }];
  });
  if (callable.length > 0) return callable.slice(0, maxCandidates);
  if (tools.length === 0) return none('The server lists no tools.');
  return none(
    readOnly.length === 0
      ? `None of the ${tools.length} tools says that it only reads (readOnlyHint).`
      : 'No arguments could be made from the schemas of the tools that only read.',
  );
}

function none(reason: string): NoTool {
  return { chosen: false, reason };
}
