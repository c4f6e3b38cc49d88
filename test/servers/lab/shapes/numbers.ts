// A tool without text. With DEFECT=format-string-log, its log holds what was sent, in a format string and before it is checked.
// @ts-expect-error: plain JavaScript, without types
import { serveTool } from '../one-tool.mjs';

const write = (line: string) => process.stdout.write(`${line}\n`);
const log = (level: string, fields: object) =>
  write(JSON.stringify({ time: new Date().toISOString(), level, msg: 'forecast', ...fields }));

function call(given: Record<string, unknown>): string {
  const { days, ...others } = given;
  if (process.env.DEFECT === 'format-string-log') {
    write(`{"time":"${new Date().toISOString()}","level":"info","msg":"forecast days=${days}"}`);
  }
  if (!Number.isInteger(days) || Object.keys(others).length > 0) {
    log('warn', { outcome: 'invalid' });
    throw new Error('The only argument is "days", a whole number.');
  }
  log('info', { days });
  return `${days} days of sun`;
}

const inputSchema = {
  type: 'object',
  properties: { days: { type: 'integer', minimum: 1, maximum: 16 } },
  required: ['days'],
};
serveTool({ name: 'forecast', call, definition: { inputSchema } });
