import { Command } from 'commander';
import { scaffoldOptions } from '../../scaffold/options.ts';
import { allowedValues } from '../../scaffold/selections.ts';
import type { CliContext } from '../context.ts';
import type { InitFlags } from '../init/run.ts';

/** `mcp-prod init [directory]`: scaffolds a project. */
export function initCommand(context: CliContext): Command {
  const command = new Command('init')
    .description('scaffold a production-ready weather MCP server')
    .argument('[directory]', 'a new or empty directory')
    .option('--name <name>', 'npm package name (default: the name of the directory)');
  for (const option of scaffoldOptions) {
    if (option.kind === 'switch') {
      command.option(`--${option.id}`, option.summary);
      continue;
    }
    const value = option.kind === 'several' ? '<list>' : '<value>';
    const defaults = option.defaults.join(',');
    command.option(
      `--${option.id} ${value}`,
      `${option.summary}: ${allowedValues(option)} (default: ${defaults})`,
    );
  }
  return command
    .option('--no-install', 'do not install dependencies')
    .option('--no-git', 'do not create a Git repository')
    .option('--dry-run', 'print the files that would be written')
    .option('--yes', 'take the default for every question')
    .action(async (directory: string | undefined, flags: InitFlags) => {
      // Loaded late: help and usage errors do not need it.
      const { runInit } = await import('../init/run.ts');
      await runInit(directory, flags, context);
    });
}
