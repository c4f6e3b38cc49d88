import type { BadLine } from '../../evidence/lab/bad-input.ts';
import { createMessages } from '../../protocol/messages.ts';
import { connectTo } from '../client/endpoint.ts';
import { type Instance, startInstance } from '../world/instance.ts';
import { whenOver } from '../world/launcher/ending.ts';
import { type Line, sendLine } from '../world/stdio/line.ts';
import type { ExperimentOf, ExperimentRun } from './experiment.ts';

/** Milliseconds for the answer to a line that nobody has to answer. */
const unaskedMs = 1_000;
/** Milliseconds from the end of its output to the end of a process that is about to end. */
const endingMs = 2_000;

/** Over stdio there is no status and no connection that could be refused: does bad input get an error, and does it live on? */
export const badInput: ExperimentOf<'bad-input'> = {
  id: 'bad-input',
  question: 'Does the server answer bad input with a clear error?',
  does: 'Sends an unknown method, arguments that the schema forbids, and a line that is not JSON.',
  over: ['stdio'],
  needs: 'endpoint',
  seconds: 2,
  run: async (run) => {
    const instance = await startInstance(run);
    try {
      const lines = await sendAll(run, instance);
      const { server, gateway } = instance;
      if (isOver(lines.at(-1))) await whenOver(server, { ...run.plan, patienceMs: endingMs });
      return { ran: true, history: { launch: server.facts(), lines, gateway: gateway.record() } };
    } finally {
      await instance.stop();
    }
  },
};

/** What cannot be read at all goes last: servers exist that are lost after it. */
async function sendAll(run: ExperimentRun, instance: Instance): Promise<BadLine[]> {
  const { facts } = await connectTo(run, instance, run.known);
  const lines: BadLine[] = [];
  for (const { say, ...known } of linesFor(run, facts.era)) {
    if (isOver(lines.at(-1))) break;
    run.step(say);
    lines.push({ ...(await sendLine(run, instance, known.send)), ...known.as });
  }
  return lines;
}

interface Planned {
  say: string;
  send: Line;
  as: Pick<BadLine, 'purpose' | 'defect'>;
}

function linesFor({ known, plan }: ExperimentRun, era: 'legacy' | 'modern'): Planned[] {
  const messages = createMessages(plan.clientVersion);
  const timeoutMs = plan.patienceMs;
  const request = ({ id, body }: { id: number; body: string }): Line => ({ text: body, id, timeoutMs });
  const listed = () => request(messages.inEra(era, 'tools/list'));
  const { tool } = known;
  return [
    { say: 'asking for its tools', send: listed(), as: { purpose: 'before' } },
    {
      say: 'asking for a method that is not there',
      send: request(messages.inEra(era, 'mcp-prod/no-such-method')),
      as: { purpose: 'unknown-method' },
    },
    ...(tool?.forbidden ?? []).map(
      ({ arguments: words, defect }): Planned => ({
        say: 'calling a tool with arguments that it forbids',
        send: request(messages.callTool(era, tool?.name ?? '', words)),
        as: { purpose: 'bad-arguments', defect },
      }),
    ),
    {
      say: 'writing a line that is no JSON',
      send: { text: listed().text.slice(0, -12), id: null, timeoutMs: unaskedMs },
      as: { purpose: 'unreadable' },
    },
    { say: 'asking for its tools again', send: listed(), as: { purpose: 'after' } },
  ];
}

const isOver = (line: BadLine | undefined): boolean => line?.answer.kind === 'none' && line.answer.over;
