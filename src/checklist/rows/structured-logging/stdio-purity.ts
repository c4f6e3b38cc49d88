import type { StdioPurityHistory } from '../../../evidence/lab/stdio-purity.ts';
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
      `On its standard output stood ${others.length === 1 ? 'a line that is' : `${others.length} lines that are`} no message: ${text}`,
      ...others
        .slice(0, 3)
        .map(({ atMs, text: line }) => purity(atMs, `on stdout: ${line.slice(0, shownCharacters)}`)),
    );
  }
  if (launch.outcome.kind !== 'speaking') return inconclusive('No client was served this time.');
  return pass(
    `Its standard output held ${messages} messages and nothing else, from its start to the end of its input, with ${calls.length} calls.`,
  );
}
