import type { WireOptions } from '../../collect/wire/options.ts';
import type { Config } from '../../config/schema.ts';
import { usageError } from '../exit.ts';

type NamedTool = NonNullable<WireOptions['tool']>;

/**
 * The one tool that the audit may call: the command line's, else the configuration's. Arguments of the configuration
 * belong to the tool that it names, and go with no other.
 *
 * @throws CommandError (usage) when there are arguments and no tool
 */
export function nameTool(
  { tool: name, toolArgs }: { tool?: string; toolArgs?: Record<string, unknown> },
  { tool: configured }: Config,
): NamedTool | undefined {
  const called = name ?? configured?.name;
  if (called === undefined) {
    if (toolArgs === undefined) return undefined;
    throw usageError('--tool-args are arguments of no tool.', 'Name the tool with --tool <name>.');
  }
  const own = called === configured?.name ? configured.arguments : undefined;
  return { name: called, arguments: toolArgs ?? own ?? {} };
}
