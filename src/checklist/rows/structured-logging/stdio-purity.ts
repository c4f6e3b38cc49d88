import type { StdioPurityHistory } from '../../../evidence/lab/stdio-purity.ts';
import { count } from '../../../text/counts.ts';
import { momentsOf } from '../../reading/lab/proven-by.ts';
import { fail, inconclusive, type Judgement, pass } from '../../row.ts';

const purity = momentsOf('stdio-purity');

const shownCharacters = 200;

/** MCP, basic/transports, stdio: nothing but messages on stdout. */
export function judgePurity({ launch, calls }: StdioPurityHistory): Judgement {
  const { output, messages = 0 } = launch;
  const others = output.lines.filter(({ stream }) => stream === 'stdout');
  const [first] = others;
  if (first !== undefined) {
    const text = first.text.slice(0, shownCharacters);
    return fail(
      `The server wrote ${count(others.length, 'line')} to stdout that ${others.length === 1 ? 'is not a protocol message' : 'are not protocol messages'}: ${text}`,
      ...others
        .slice(0, 3)
        .map(({ atMs, text: line }) => purity(atMs, `on stdout: ${line.slice(0, shownCharacters)}`)),
    );
  }
  if (launch.outcome.kind !== 'speaking') return inconclusive('The server served no client on this launch.');
  return pass(
    `During ${count(calls.length, 'call')}, the server wrote ${count(messages, 'protocol message')} and nothing else to stdout.`,
  );
}
