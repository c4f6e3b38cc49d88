import { Argument, Command, Option } from 'commander';
import { profiles } from '../../checklist/checklist.ts';
import type { CliContext } from '../context.ts';
import { usageError } from '../exit.ts';
import { terminalStyle } from '../terminal-style.ts';

/** `mcp-prod checks [id]`: lists the checklist, or explains one of its rows. */
export function checksCommand({ stdout, env }: CliContext): Command {
  return new Command('checks')
    .description('list the rows of the checklist, or explain one of them')
    .addArgument(new Argument('[id]', 'the row to explain: why, how it is judged, how to fix it'))
    .addOption(
      new Option('--format <format>', 'output format').choices(['terminal', 'json']).default('terminal'),
    )
    .action(async (id: string | undefined, { format }: { format: 'terminal' | 'json' }) => {
      const rows = profiles.extended.filter((row) => id === undefined || row.id === id);
      if (rows.length === 0) {
        throw usageError(
          `There is no row "${id}".`,
          `The rows are: ${profiles.extended.map((row) => row.id).join(', ')}.`,
        );
      }
      const [{ describeRow }, { explanation, listText }] = await Promise.all([
        import('../../guide/describe.ts'),
        import('../../guide/terminal.ts'),
      ]);
      const checks = rows.map(describeRow);
      const [first] = checks;
      const style = terminalStyle(stdout, env);
      if (format === 'json') {
        stdout.write(`${JSON.stringify(id === undefined ? checks : first, null, 2)}\n`);
      } else {
        stdout.write(id === undefined || !first ? listText(checks, style) : explanation(first, style));
      }
    });
}
