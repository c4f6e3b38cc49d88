import { Argument, Command, Option } from 'commander';
import { profileNames, profiles } from '../../checklist/checklist.ts';
import { formatNames } from '../../report/formats.ts';
import type { AuditOptions } from '../audit/options.ts';
import type { CliContext } from '../context.ts';
import { header, integer, jsonObject, manyOf, oneOfMany, toolName, urlPath } from '../options.ts';

const rowIds = profiles.extended.map(({ id }) => id);

/** `mcp-prod audit [target]`: collects evidence, judges it, prints the report, and ends with the gate's exit code. */
export function auditCommand(context: CliContext): Command {
  return new Command('audit')
    .description('judge a running server, or a project’s files, by the production checklist')
    .addArgument(new Argument('[target]', 'URL of a running server, or directory of a project'))
    .option('--project <dir>', 'add the evidence of the project’s files')
    .option('--lab', 'launch the project’s server, disturb its world, and see; this runs its code')
    .option('--start <command>', 'how the lab launches it (default: configuration, else npm start)')
    .option('--stdio', 'the lab’s server speaks stdio, started by "stdio" of the configuration')
    .option(
      '--config <file>',
      'configuration to follow (default: mcp-prod.config.json in the project, as far as a found one may go)',
    )
    .option('--token <token>', 'bearer token to connect with (or MCP_PROD_TOKEN)')
    .option('--header <"Name: value">', 'header to send with every request (repeatable)', header)
    .option('--health-path <path>', 'path of the health endpoint', urlPath)
    .option('--tool <name>', 'the only tool that may be called (default: the configuration’s)', toolName)
    .option('--tool-args <json>', 'its arguments (default: {})', jsonObject('--tool-args'))
    .option('--no-burst', 'send no burst of requests, and hold no streams open')
    .addOption(new Option('--profile <name>', 'rows to judge').choices(profileNames).default('checklist'))
    .option('--only <id>', 'judge this row and no other (repeatable)', oneOfMany(rowIds))
    .option('--skip <id>', 'leave this row out (repeatable)', oneOfMany(rowIds))
    .option('--min-score <n>', 'exit 1 below this score', integer(0, 100))
    .option('--min-coverage <percent>', 'exit 1 when fewer rows could be assessed', integer(0, 100))
    .option('--require <id>', 'exit 1 unless this row passes (repeatable)', oneOfMany(rowIds))
    .addOption(
      new Option('--fail-on <level>', 'exit 1 when a row of this level fails').choices([
        'required',
        'recommended',
      ]),
    )
    .option('--baseline <file>', 'known failures: exit 1 on any other, and on those that passed')
    .option('--write-baseline <file>', 'make today’s failures the known ones')
    .addOption(new Option('--format <format>', 'what to print').choices(formatNames).default('terminal'))
    .option('--output <file>', 'write the report there, as its extension says (repeatable)', manyOf)
    .option('--save-evidence <file>', 'keep what was seen, to judge it again')
    .option('--evidence <file>', 'judge saved evidence instead of a target; sends nothing')
    .option('--timeout <ms>', 'longest wait for one answer', integer(1, 600_000), 5_000)
    .option(
      '--budget <ms>',
      'longest time for the whole audit (default: 30000, with --lab 180000)',
      integer(1, 3_600_000),
    )
    .action(async (target: string | undefined, given: AuditOptions) => {
      // Help and misspelt options do without what an audit has to load.
      const { runAudit } = await import('../audit/run.ts');
      const token = given.token ?? context.env.MCP_PROD_TOKEN;
      await runAudit(target, { ...given, ...(token && { token }) }, context);
    });
}
