import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test, vi } from 'vitest';
import { Alerts, type AlertsOptions } from '../src/alerts/alerts.ts';
import { raiseAlerts } from '../src/alerts/conditions.ts';
import type { Kind } from '../src/alerts/text.ts';
import { post as postText } from '../src/alerts/webhook.ts';
import { type CallOutcome, createEvents } from '../src/events.ts';
import { createLogger } from '../src/logging/logger.ts';
import { connect, startServer } from './support/server.ts';

const store: Kind = { id: 'store', problem: 'the store is away', over: 'the store is back' };
const defect: Kind = { id: 'defect', problem: 'a defect' };
const minute = 60_000;

/** Alerts on a clock of the test's own. */
function startAlerts(options: Partial<AlertsOptions> = {}) {
  vi.useFakeTimers();
  onTestFinished(() => {
    vi.useRealTimers();
  });
  const texts: string[] = [];
  const lines: string[] = [];
  const alerts = new Alerts({
    send: async (text) => void texts.push(text.split('\n').slice(1).join('\n')),
    log: createLogger({ write: (line) => void lines.push(line) }, {}),
    now: Date.now,
    ...options,
  });
  return { alerts, texts, lines };
}

test('a burst is one alert with a count, and one notice when it is over', async () => {
  const { alerts, texts } = startAlerts();
  for (let count = 0; count < 50; count += 1) alerts.raise(store, 'ECONNREFUSED');
  await vi.advanceTimersByTimeAsync(1_000);
  expect(texts).toEqual(['Problem: the store is away (50 times): ECONNREFUSED x 50']);
  alerts.recover(store);
  alerts.recover(store);
  await vi.advanceTimersByTimeAsync(30 * minute);
  expect(texts.slice(1)).toEqual(['Recovered: the store is back']);
});

test('what happens at the same time is one message', async () => {
  const { alerts, texts } = startAlerts();
  alerts.raise(store);
  await vi.advanceTimersByTimeAsync(900);
  alerts.raise(defect, 'get_weather');
  await vi.advanceTimersByTimeAsync(100);
  expect(texts).toEqual(['Problem: the store is away\nProblem: a defect: get_weather x 1']);
});

test('a lasting problem sends one alert in each window', async () => {
  const { alerts, texts } = startAlerts();
  for (let seconds = 0; seconds < 1_500; seconds += 1) {
    alerts.raise(store);
    await vi.advanceTimersByTimeAsync(1_000);
  }
  expect(texts).toHaveLength(3);
  expect(texts[1]).toMatch(/^Still a problem: the store is away \(\d{3} times\)$/);
});

test('what comes and goes makes no more than two messages in a window', async () => {
  const { alerts, texts } = startAlerts();
  for (let seconds = 0; seconds < 599; seconds += 10) {
    alerts.raise(store);
    await vi.advanceTimersByTimeAsync(5_000);
    alerts.recover(store);
    await vi.advanceTimersByTimeAsync(5_000);
  }
  expect(texts).toHaveLength(2);
  await vi.advanceTimersByTimeAsync(20 * minute);
  expect(texts.slice(2)).toEqual(['Problem: the store is away (59 times); the store is back by now']);
});

test('a receiver that does not answer costs a bounded number of messages and a line each', async () => {
  const send = vi.fn(
    (_text: string, signal: AbortSignal) =>
      new Promise<void>((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(new Error('AbortError')));
      }),
  );
  const { alerts, lines } = startAlerts({ send, windowMs: 0 });
  for (let count = 0; count < 30; count += 1) {
    alerts.raise(store);
    await vi.advanceTimersByTimeAsync(1_000);
  }
  expect(send).toHaveBeenCalledTimes(1);
  expect(lines.filter((line) => line.includes('too many are waiting'))).toHaveLength(20);
  const stopped = alerts.stop();
  await vi.advanceTimersByTimeAsync(2_000);
  await stopped;
  expect(send).toHaveBeenCalledTimes(1);
  expect(lines.filter((line) => line.includes('alert not delivered'))).toHaveLength(10);
});

test('what nobody knows when the server stops is told then, and nothing twice', async () => {
  const { alerts, texts } = startAlerts();
  alerts.raise(store);
  await vi.advanceTimersByTimeAsync(1_000);
  alerts.raise(store);
  alerts.raise(defect);
  await alerts.stop();
  expect(texts).toEqual(['Problem: the store is away', 'Problem: a defect']);
});

function startConditions() {
  const events = createEvents();
  const started = startAlerts();
  raiseAlerts(events, started.alerts, Date.now);
  const calls = (outcome: CallOutcome, count = 1) => {
    for (let done = 0; done < count; done += 1)
      events.emit('toolCall', { tool: 'get_weather', outcome, durationMs: 1 });
  };
  return { ...started, events, calls };
}

test.each([
  ['three failures in a row', ['timeout', 'unavailable', 'timeout'], /^Problem: tool calls fail \(3 times\)/],
  [
    'ten failures among successes',
    Array.from({ length: 20 }, (_, index) => (index % 2 === 0 ? 'ok' : 'unavailable')),
    /^Problem: tool calls fail \(10 times\): get_weather unavailable x 10$/,
  ],
  ['one defect', ['ok', 'defect', 'ok'], /^Problem: a defect in this server: get_weather x 1$/],
] as const)('%s: an alert', async (_what, outcomes, text) => {
  const { calls, texts } = startConditions();
  for (const outcome of outcomes as readonly CallOutcome[]) calls(outcome);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(texts).toEqual([expect.stringMatching(text)]);
});

test.each([
  ['two failures', ['timeout', 'timeout', 'ok', 'timeout', 'timeout']],
  [
    'what callers get wrong',
    Array.from({ length: 50 }, (_, index) => (index % 2 ? 'not-found' : 'invalid-input')),
  ],
] as const)('%s: none', async (_what, outcomes) => {
  const { calls, texts } = startConditions();
  for (const outcome of outcomes as readonly CallOutcome[]) calls(outcome);
  await vi.advanceTimersByTimeAsync(30 * minute);
  expect(texts).toEqual([]);
});

test('calls have recovered when one succeeds and none failed for a minute: the cache goes on answering', async () => {
  const { calls, texts } = startConditions();
  calls('unavailable', 50);
  await vi.advanceTimersByTimeAsync(1_000);
  calls('ok');
  await vi.advanceTimersByTimeAsync(50_000);
  calls('unavailable');
  await vi.advanceTimersByTimeAsync(59_000);
  calls('ok');
  await vi.advanceTimersByTimeAsync(5_000);
  expect(texts).toEqual(['Problem: tool calls fail (50 times): get_weather unavailable x 50']);
  calls('ok');
  await vi.advanceTimersByTimeAsync(1_000);
  expect(texts.slice(1)).toEqual([
    'Recovered: tool calls succeed, after more of it: get_weather unavailable x 1',
  ]);
});

test('circuit, store, overload and failed requests send alerts; refusals and probes do not', async () => {
  const { events, texts } = startConditions();
  const request = { method: 'POST', route: '/mcp', durationMs: 1, abandoned: false, quiet: false };
  for (const status of [401, 429, 503]) events.emit('request', { ...request, status });
  events.emit('request', { ...request, route: '/health', status: 503, quiet: true });
  await vi.advanceTimersByTimeAsync(1_000);
  expect(texts).toEqual([]);
  events.emit('circuit', { upstream: 'weather', open: true });
  events.emit('store', { available: false, code: 'ECONNREFUSED' });
  events.emit('overload', { overloaded: true, refused: 1 });
  events.emit('request', { ...request, status: 500 });
  await vi.advanceTimersByTimeAsync(1_000);
  expect(texts[0]?.split('\n')).toHaveLength(4);
  expect(texts[0]).toContain('Problem: requests fail: POST /mcp 500 x 1');
  events.emit('circuit', { upstream: 'weather', open: false });
  events.emit('store', { available: true });
  events.emit('overload', { overloaded: false, refused: 9 });
  await vi.advanceTimersByTimeAsync(1_000);
  expect(texts[1]?.split('\n').map((line) => line.split(':')[0])).toEqual(Array(3).fill('Recovered'));
});

/** What an incoming webhook would be. */
async function startReceiver(statuses: number[] = []) {
  const bodies: Array<{ text: string }> = [];
  const server = createServer(async (request, response) => {
    let text = '';
    for await (const chunk of request) text += chunk;
    bodies.push(JSON.parse(text));
    response.writeHead(statuses.shift() ?? 200).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook/a-secret`;
  return { url, bodies };
}

test('fifty failing calls make one alert, which tells nothing of callers, keys and addresses', async () => {
  const { url, bodies } = await startReceiver();
  const server = await startServer({ ALERT_WEBHOOK_URL: url, RATE_LIMIT: '1000' });
  const client = await connect(server, 'modern');
  server.upstream.mode = 'fail';
  await Promise.all(
    Array.from({ length: 50 }, (_, count) =>
      client.callTool({ name: 'get_weather', arguments: { city: `Secretville <${count}>` } }),
    ),
  );
  // A store that is missing, as in some tests, sends an alert as well.
  const aboutCalls = () => bodies.filter(({ text }) => text.includes('tool calls fail'));
  await expect.poll(aboutCalls, { timeout: 30_000 }).toHaveLength(1);
  const text = aboutCalls()[0]?.text;
  expect(text).toMatch(/^\S+ on \S+\n/);
  expect(text).toMatch(/^Problem: tool calls fail \(\d+ times\): get_weather \w+ x \d+/m);
  expect(text).not.toMatch(/Secretville|key|http|127\.0\.0\.1|[<>]/);
});

test('a webhook is tried again when it may help', async () => {
  const { signal } = new AbortController();
  const { url, bodies } = await startReceiver([503, 429, 200]);
  await postText(url, 'hello', signal, [1, 1]);
  expect(bodies).toEqual(Array(3).fill({ text: 'hello' }));
  const refusing = await startReceiver([404]);
  await expect(postText(refusing.url, 'hello', signal, [1, 1])).rejects.toThrow(/^status 404$/);
  expect(refusing.bodies).toHaveLength(1);
  await expect(postText('http://127.0.0.1:1/hook/a-secret', 'hello', signal, [1, 1])).rejects.toThrow(
    /^ECONNREFUSED$/,
  );
});
