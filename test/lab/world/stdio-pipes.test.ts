import { PassThrough } from 'node:stream';
import { Client } from '@modelcontextprotocol/client';
import { describe, expect, it } from 'vitest';
import { openPipes, type Pipes } from '../../../src/lab/world/stdio/pipes.ts';

interface Opened {
  pipes: Pipes;
  stdin: PassThrough;
  stdout: PassThrough;
  others: { line: string; cut: boolean }[];
}

function opened(): Opened {
  const stdin = new PassThrough();
  const stdout = new PassThrough();
  const others: Opened['others'] = [];
  const pipes = openPipes({ stdin, stdout, onOther: (line, cut) => others.push({ line, cut }) });
  return { pipes, stdin, stdout, others };
}

async function heard(...chunks: (string | Buffer)[]): Promise<Opened & { messages: unknown[] }> {
  const world = opened();
  const messages: unknown[] = [];
  const transport = world.pipes.transport();
  transport.onmessage = (message) => messages.push(message);
  await transport.start();
  for (const chunk of chunks) world.stdout.write(chunk);
  world.stdout.end();
  await world.pipes.ended;
  return { ...world, messages };
}

const notice = (method: string) => ({ jsonrpc: '2.0' as const, method });
const line = (value: unknown) => `${JSON.stringify(value)}\n`;

describe('what is read from stdout', () => {
  it('is a message a line, however it is cut into pieces', async () => {
    const bytes = Buffer.from(`${line(notice('a/°C'))}${line(notice('b'))}`);
    const half = bytes.indexOf(0xc2) + 1;
    const { messages, others, pipes } = await heard(bytes.subarray(0, half), bytes.subarray(half));
    expect(messages).toEqual([notice('a/°C'), notice('b')]);
    expect({ count: pipes.messages(), others }).toEqual({ count: 2, others: [] });
  });

  it('is no message where it is anything else, and the next one is heard', async () => {
    const { messages, others } = await heard(
      'Server running\n',
      line({ level: 'info', msg: 'x' }),
      '[1,2]\n[]\n',
      line(notice('a')),
      '{"jsonrpc":"2.0","meth',
    );
    expect(messages).toEqual([notice('a')]);
    expect(others).toEqual([
      { line: 'Server running', cut: false },
      { line: '{"level":"info","msg":"x"}', cut: false },
      { line: '[1,2]', cut: false },
      { line: '[]', cut: false },
      { line: '{"jsonrpc":"2.0","meth', cut: true },
    ]);
  });

  it('may be a batch, an empty line, or an answer to nothing that a client cannot use', async () => {
    const unread = { jsonrpc: '2.0', id: null, error: { code: -32700, message: 'Parse error' } };
    const { messages, others } = await heard(line([notice('a'), notice('b')]), '\r\n', line(unread));
    expect(messages.slice(0, 2)).toEqual([notice('a'), notice('b')]);
    expect(others).toEqual([]);
  });

  it('nests no deeper than a client can bear', async () => {
    const deep = `{"jsonrpc":"2.0","id":1,"result":${'['.repeat(100_000)}${']'.repeat(100_000)}}\n`;
    const { messages, others } = await heard(deep, line(notice('a')));
    expect(messages).toEqual([notice('a')]);
    expect(others.length).toBe(1);
  });

  it('ends with a line that does not end', async () => {
    const { pipes, stdout, others } = opened();
    const chunk = Buffer.alloc(1024 * 1024, 'x');
    for (let count = 0; count < 12 && !stdout.destroyed; count += 1) {
      stdout.write(chunk);
      await new Promise((resolve) => setImmediate(resolve));
    }
    await pipes.ended;
    expect(stdout.destroyed).toBe(true);
    expect(others.map(({ line: text, cut }) => ({ length: text.length, cut }))).toEqual([
      { length: 11 * 1024 * 1024, cut: true },
    ]);
  });
});

describe('clients on the same pipes', () => {
  it('follow one another, and the end of the output ends what the last one waits for', async () => {
    const { pipes, stdin, stdout } = opened();
    const asked: string[] = [];
    stdin.setEncoding('utf8').on('data', (text: string) => {
      for (const message of text
        .trim()
        .split('\n')
        .map((one) => JSON.parse(one))) {
        asked.push(message.method);
        if (message.method !== 'initialize') continue;
        const { protocolVersion } = message.params;
        const serverInfo = { name: 's', version: '1' };
        const result = { protocolVersion, capabilities: { tools: {} }, serverInfo };
        stdout.write(line({ jsonrpc: '2.0', id: message.id, result }));
      }
    });
    const connected = async (name: string) => {
      const client = new Client({ name, version: '1' }, { versionNegotiation: { mode: 'legacy' } });
      await client.connect(pipes.transport());
      return client;
    };
    await (await connected('first')).close();
    const second = await connected('second');
    const waiting = second.request({ method: 'tools/list' });
    stdout.end();
    await expect(waiting).rejects.toThrow(/closed/i);
    expect(asked.filter((method) => method === 'initialize').length).toBe(2);
    await expect(connected('third')).rejects.toThrow(/has ended/);
  });
});
