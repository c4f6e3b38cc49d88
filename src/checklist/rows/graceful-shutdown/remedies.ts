import type { Remedies } from '../../remedy.ts';

export const remedies: Remedies = {
  typescript: {
    text: 'Refuse new calls, wait for those in flight within a time limit, end the streams, then close. Keep this order: closing the handler ends calls.',
    language: 'ts',
    code: `import { setTimeout as wait } from 'node:timers/promises';

const isStream = (request: FastifyRequest) =>
  request.method === 'GET' || (request.body as { method?: string })?.method === 'subscriptions/listen';
let calls = 0;
let stopping = false;

app.addHook('preHandler', async (request, reply) => {
  if (stopping) return reply.code(503).header('connection', 'close').send({ error: 'Shutting down' });
  if (isStream(request)) return;
  calls += 1;
  reply.raw.once('close', () => {
    calls -= 1;
  });
});

process.once('SIGTERM', async () => {
  stopping = true;
  const end = performance.now() + 10_000;
  while (calls > 0 && performance.now() < end) await wait(50);
  await handler.close();
  await app.close();
});`,
  },
  python: {
    text: 'On SIGTERM uvicorn finishes calls within timeout_graceful_shutdown, then raises the signal again. This handler makes the exit code 0. Start python directly, not through a shell.',
    language: 'python',
    code: `import signal
import sys

signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))

mcp.run(transport="http", uvicorn_config={"timeout_graceful_shutdown": 10})`,
  },
};
