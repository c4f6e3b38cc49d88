import { Argument, Command, Option } from 'commander';
import { profileNames, profiles } from '../../checklist/checklist.ts';
import { formatNames } from '../../report/formats.ts';
import type { AuditOptions } from '../audit/options.ts';
import type { CliContext } from '../context.ts';
import { header, integer, jsonObject, manyOf, oneOfMany, toolName, urlPath } from '../options.ts';

const rowIds = profiles.extended.map(({ id }) => id);

/** `mcp-prod audit [target]`: collects evidence, judges it, prints the report and exits with the gate's code. */
export function auditCommand(context: CliContext): Command {
  return new Command('audit')
    .description('assess a running server or a project against the production checklist')
    .addArgument(new Argument('[target]', 'URL of a running server or directory of a project'))
    .option('--project <dir>', 'also read the files of this project')
    .option('--lab', 'launch the project’s server and inject faults (runs its code)')
    .option('--start <command>', 'lab: start command (default: from the configuration or package.json)')
    .option('--stdio', 'lab: the server speaks stdio')
    .option(
      '--config <file>',
      'configuration to follow (default: mcp-prod.config.json in the project, which may do less)',
    )
    .option('--token <token>', 'bearer token (default: the variable MCP_PROD_TOKEN)')
    .option('--header <"Name: value">', 'send this header with every request (repeatable)', header)
    .option('--health-path <path>', 'path of the health endpoint', urlPath)
    .option('--tool <name>', 'the only tool that may be called (default: from the configuration)', toolName)
    .option('--tool-args <json>', 'arguments for the tool (default: {})', jsonObject('--tool-args'))
    .option('--no-burst', 'send no burst of requests and open few streams')
    .addOption(new Option('--profile <name>', 'rows to judge').choices(profileNames).default('checklist'))
    .option('--only <id>', 'judge only this row (repeatable)', oneOfMany(rowIds))
    .option('--skip <id>', 'skip this row (repeatable)', oneOfMany(rowIds))
    .option('--min-score <n>', 'exit with 1 if the score is lower', integer(0, 100))
    .option(
      '--min-coverage <percent>',
      'exit with 1 if less than this percentage of the points could be assessed',
      integer(0, 100),
    )
    .option(
      '--require <id>',
      'exit with 1 unless this row passes, or is partial by extras alone (repeatable)',
      oneOfMany(rowIds),
    )
    .addOption(
      new Option('--fail-on <level>', 'exit with 1 if a row of this level or above fails').choices([
        'required',
        'recommended',
      ]),
    )
    .option(
      '--baseline <file>',
      'exit with 1 on a failure that this file does not list, or a listed one that now passes',
    )
    .option('--write-baseline <file>', 'write today’s failures to this file')
    .addOption(new Option('--format <format>', 'report format').choices(formatNames).default('terminal'))
    .option(
      '--output <file>',
      'write the report to a file, in the format of its extension (repeatable)',
      manyOf,
    )
    .option('--save-evidence <file>', 'save the evidence, to judge it again later')
    .option('--evidence <file>', 'judge saved evidence and send nothing')
    .option('--timeout <ms>', 'time limit for one response', integer(1, 600_000), 5_000)
    .option(
      '--budget <ms>',
      'time limit for the whole audit (default: 30000; with --lab 180000)',
      integer(1, 3_600_000),
    )
    .action(async (target: string | undefined, given: AuditOptions) => {
      // Loaded late: help and usage errors do not need it.
      const { runAudit } = await import('../audit/run.ts');
      const token = given.token ?? context.env.MCP_PROD_TOKEN;
      await runAudit(target, { ...given, ...(token && { token }) }, context);
    });
}
