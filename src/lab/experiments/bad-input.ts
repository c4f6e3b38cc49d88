import type { BadLine } from '../../evidence/lab/bad-input.ts';
import { createMessages } from '../../protocol/messages.ts';
import { connectTo } from '../client/endpoint.ts';
import { type Instance, withInstance } from '../world/instance.ts';
import { waitForExit } from '../world/launcher/termination.ts';
import { type Line, sendLine } from '../world/stdio/line.ts';
import type { ExperimentOf, ExperimentRun } from './experiment.ts';

/** Milliseconds for the response to a line that needs none. */
const unaskedMs = 1_000;
/** Milliseconds from the end of the output to the exit of a process that is about to exit. */
const endingMs = 2_000;

/** Stdio has no status and no connection to refuse: bad input must get an error, and must not end the server. */
export const badInput: ExperimentOf<'bad-input'> = {
  id: 'bad-input',
  question: 'Does the server answer bad input with a clear error?',
  does: 'Sends an unknown method, arguments that the schema forbids, and a line that is not JSON.',
  over: ['stdio'],
  needs: 'endpoint',
  seconds: 2,
  run: (run) =>
    withInstance(run, {}, async (instance) => {
      const lines = await sendAll(run, instance);
      const { server, gateway } = instance;
      if (isOver(lines.at(-1))) await waitForExit(server, endingMs, run.signal);
      return { ran: true, history: { launch: server.facts(), lines, gateway: gateway.record() } };
    }),
};

/** The unreadable line goes last: some servers do not survive it. */
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
    { say: 'listing the tools', send: listed(), as: { purpose: 'before' } },
    {
      say: 'calling an unknown method',
      send: request(messages.inEra(era, 'mcp-prod/no-such-method')),
      as: { purpose: 'unknown-method' },
    },
    ...(tool?.forbidden ?? []).map(
      ({ arguments: words, defect }): Planned => ({
        say: 'calling a tool with forbidden arguments',
        send: request(messages.callTool(era, tool?.name ?? '', words)),
        as: { purpose: 'bad-arguments', defect },
      }),
    ),
    {
      say: 'sending a line that is not JSON',
      send: { text: listed().text.slice(0, -12), id: null, timeoutMs: unaskedMs },
      as: { purpose: 'unreadable' },
    },
    { say: 'listing the tools again', send: listed(), as: { purpose: 'after' } },
  ];
}

const isOver = (line: BadLine | undefined): boolean => line?.answer.kind === 'none' && line.answer.over;
