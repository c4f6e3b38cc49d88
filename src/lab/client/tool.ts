import type { ListedTool } from '../../collect/wire/mcp/sdk-clients.ts';
import type { ChosenTool, NoTool } from '../../evidence/lab.ts';
import type { LabPlan } from '../run.ts';
import { makeArguments } from './arguments.ts';

/**
 * The tool that experiments call: the configured one, else the first that says that it only reads (`readOnlyHint`) and
 * whose arguments can be made. Nothing else is called: what it does could not be undone.
 */
export function chooseTool(
  { tool: configured }: Pick<LabPlan, 'tool'>,
  tools: readonly ListedTool[],
): ChosenTool | NoTool {
  if (configured === undefined) return firstReadOnly(tools);
  const { name } = configured;
  const listed = tools.find((tool) => tool.name === name);
  if (listed === undefined) return none(`The server lists no tool "${name}".`);
  if (configured.arguments !== undefined) {
    return { chosen: true, name, arguments: configured.arguments, source: 'configured' };
  }
  const made = makeArguments(listed.inputSchema);
  if (made === undefined) return none(`No arguments for "${name}" could be made from its schema.`);
  return { chosen: true, name, arguments: made, source: 'schema' };
}

function firstReadOnly(tools: readonly ListedTool[]): ChosenTool | NoTool {
  const readOnly = tools.filter(({ annotations }) => annotations?.readOnlyHint === true);
  for (const { name, inputSchema } of readOnly) {
    const made = makeArguments(inputSchema);
    if (made !== undefined) return { chosen: true, name, arguments: made, source: 'schema' };
  }
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
