import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { startOpenWeatherMap } from '../servers/openweathermap.ts';
import { sharedProject, startGenerated } from '../support/generated-server.ts';
import { dial } from '../support/raw-http.ts';

test('without file descriptors for new connections it goes on, and recovers', async () => {
  const upstream = await startOpenWeatherMap();
  onTestFinished(() => upstream.close());
  const server = await startGenerated(await sharedProject(), { WEATHER_BASE_URL: upstream.url });
  onTestFinished(() => void server.child.kill('SIGKILL'));
  // Set from outside and now: what the process has opened while it loaded is closed again.
  execFileSync('prlimit', ['--nofile=40:40', '--pid', String(server.child.pid)]);
  const sockets: Socket[] = [];
  const turnedAway: Array<Promise<unknown>> = [];
  for (let count = 0; count < 100; count += 1) {
    const socket = await dial(server.origin).catch(() => undefined);
    if (socket === undefined) continue;
    sockets.push(socket.resume());
    turnedAway.push(once(socket, 'close'));
  }
  await Promise.race(turnedAway);
  for (const socket of sockets) socket.destroy();
  await expect.poll(() => fetch(`${server.origin}/livez`).then(({ status }) => status, String)).toBe(200);
  expect(await server.stop()).toBe(0);
});
