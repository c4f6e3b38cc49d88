import { createServer } from 'node:net';
import { expect, test, vi } from 'vitest';
import { startPressedServer } from '../servers/pressed.ts';
import { runCli } from '../support/cli.ts';

/** In the auditor: the name of the target first resolves to 127.0.0.1, then to 127.0.0.2. */
const resolver = `data:text/javascript,${encodeURIComponent(`
  import dns from 'node:dns';
  let asked = 0;
  const resolve = (hostname) => {
    if (hostname !== 'rebound.example') throw new Error('asked for ' + hostname);
    return { address: asked++ === 0 ? '127.0.0.1' : '127.0.0.2', family: 4 };
  };
  dns.promises.lookup = async (hostname, options) => options.all ? [resolve(hostname)] : resolve(hostname);
  dns.lookup = (hostname, options, callback) => {
    const found = resolve(hostname);
    setImmediate(() => options.all ? callback(null, [found]) : callback(null, found.address, 4));
  };
`)}`;

test('an audit keeps the address to which the target’s name first resolved', async () => {
  const server = await startPressedServer({ limitBy: 'address' });
  const inside = createServer();
  const reached = vi.fn();
  inside.on('connection', (socket) => reached(socket.destroy()));
  await new Promise<void>((resolve) => inside.listen(Number(server.url.port), '127.0.0.2', resolve));
  const { exitCode, stdout } = await runCli(
    ['audit', `http://rebound.example:${server.url.port}/mcp`, '--profile', 'extended', '--format', 'json'],
    { env: { NODE_OPTIONS: `--import=${resolver}`, MCP_PROD_TOKEN: server.token } },
  );
  await server.close();
  await new Promise((resolve) => inside.close(resolve));

  expect(reached).not.toHaveBeenCalled();
  expect(exitCode).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ server: { name: 'pressed' } });
  expect(server.requests.length).toBeGreaterThan(60);
});
