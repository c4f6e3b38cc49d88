import { text } from 'node:stream/consumers';
import { convertWorkflowTemplate, NoOperationTraceWriter, parseWorkflow } from '@actions/workflow-parser';

/*
 * Writes what GitHub's own parser has against the workflow on stdin, a line each. A program of its own, because the parser
 * imports JSON the way bundlers do: tsx understands that, Node and the test runner do not.
 */

const { context, value } = parseWorkflow(
  { name: 'ci.yml', content: await text(process.stdin) },
  new NoOperationTraceWriter(),
);
const problems = context.errors.getErrors().map(({ message }) => message);
if (value !== undefined) {
  const { errors } = await convertWorkflowTemplate(context, value);
  problems.push(...(errors ?? []).map(({ Message }) => Message));
}
process.stdout.write(problems.map((problem) => `${problem}\n`).join(''));
