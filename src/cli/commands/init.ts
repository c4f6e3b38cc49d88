import { Command } from 'commander';
import { scaffoldOptions } from '../../scaffold/options.ts';
import { acceptedValues } from '../../scaffold/selections.ts';
import type { CliContext } from '../context.ts';
import type { InitFlags } from '../init/run.ts';

/** `mcp-prod init [directory]`: scaffolds a project. */
export function initCommand(context: CliContext): Command {
  const command = new Command('init')
    .description('scaffold a weather MCP server that is ready for production')
    .argument('[directory]', 'a new or empty directory')
    .option('--name <name>', "the npm package's name (default: the directory's name)");
  for (const option of scaffoldOptions) {
    if (option.kind === 'switch') {
      command.option(`--${option.id}`, option.summary);
      continue;
    }
    const value = option.kind === 'several' ? '<list>' : '<value>';
    const defaults = option.defaults.join(',');
    command.option(
      `--${option.id} ${value}`,
      `${option.summary}: ${acceptedValues(option)} (default: ${defaults})`,
    );
  }
  return command
    .option('--no-install', 'do not install dependencies')
    .option('--no-git', 'do not make a git repository')
    .option('--dry-run', 'show what would be created, and create nothing')
    .option('--yes', 'ask nothing, take the defaults')
    .action(async (directory: string | undefined, flags: InitFlags) => {
      // Prompts, templates and child processes take a while to load; help and usage errors do without them.
      const { runInit } = await import('../init/run.ts');
      await runInit(directory, flags, context);
    });
}
