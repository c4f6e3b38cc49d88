import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { freePort, startProgram } from '../support/programs.ts';
import { change, generate, lacks, run, temporaryFolder } from './support.ts';

const file = 'deploy/observability/alertmanager.yml';

/** A project whose file this version of Alertmanager can read. `url_file` is new in 0.26, and Debian 12 has 0.25. */
async function generated(): Promise<string> {
  const project = await generate({ observability: 'full' });
  const { output: version } = await run('amtool', ['--version']);
  if (/version 0\.(1\d|2[0-5])\./.test(version))
    await change(project, file, '- url_file: /run/secrets/alert-webhook-url', '- url: http://127.0.0.1/');
  return project;
}

const check = (project: string) => run('amtool', ['check-config', join(project, file)]);

describe.skipIf(lacks('amtool', 'prometheus-alertmanager'))('alertmanager.yml', () => {
  test('Alertmanager accepts it, and it has no address in it', async () => {
    const project = await generate({ observability: 'full' });
    expect(await readFile(join(project, file), 'utf8')).not.toMatch(/https?:/);
    const { exitCode, output } = await check(await generated());
    expect(exitCode, output).toBe(0);
    expect(output).toContain('2 receivers');
  });

  test('the other receiver is one word away', async () => {
    const project = await generated();
    await change(project, file, '  receiver: slack', '  receiver: webhook');
    const { exitCode, output } = await check(project);
    expect(exitCode, output).toBe(0);
  });

  test.each([
    ['an unknown key', 'repeat_interval: 4h', 'repeat: 4h'],
    ['a receiver that does not exist', '  receiver: slack', '  receiver: pager'],
  ])('%s is noticed', async (_what, from, to) => {
    const project = await generated();
    await change(project, file, from, to);
    expect((await check(project)).exitCode).not.toBe(0);
  });
});

interface SlackMessage {
  attachments: { title: string; title_link: string; text: string; color: string }[];
}

/** Receives what is posted to Slack, at the address in the file. */
async function startSlack() {
  const messages: SlackMessage[] = [];
  let arrived = () => {};
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    messages.push(JSON.parse(Buffer.concat(chunks).toString()));
    response.end('ok');
    arrived();
  }).listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  const address = join(await temporaryFolder(), 'alert-webhook-url');
  await writeFile(address, `http://127.0.0.1:${(server.address() as AddressInfo).port}/services/T0/B0/x`);
  const received = (count: number) =>
    new Promise<SlackMessage[]>((resolve) => {
      arrived = () => messages.length >= count && resolve(messages);
      arrived();
    });
  return { address, received };
}

/** Runs Alertmanager without waits, and returns how to send it alerts. */
async function startAlertmanager(address: string) {
  const project = await generated();
  await change(project, file, 'api_url_file: /run/secrets/alert-webhook-url', `api_url_file: ${address}`);
  await change(project, file, 'group_wait: 30s', 'group_wait: 100ms');
  await change(project, file, 'group_interval: 5m', 'group_interval: 100ms');
  const port = await freePort();
  const words = [
    ...[`--config.file=${join(project, file)}`, `--storage.path=${await temporaryFolder()}`],
    ...['--cluster.listen-address=', `--web.listen-address=127.0.0.1:${port}`],
    '--web.external-url=http://127.0.0.1:9093',
  ];
  const options = { ready: /Listening on|msg=Listening/, debian: 'prometheus-alertmanager' };
  const { child, exited } = await startProgram('prometheus-alertmanager', words, options);
  onTestFinished(async () => {
    child.kill('SIGTERM');
    await exited;
  });
  return async (alerts: unknown) => {
    const response = await fetch(`http://127.0.0.1:${port}/api/v2/alerts`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(alerts),
    });
    expect(response.status).toBe(200);
  };
}

describe.skipIf(lacks('prometheus-alertmanager', 'prometheus-alertmanager'))('the message in Slack', () => {
  const alert = (instance: string, name = 'McpServerErrors', severity = 'critical') => ({
    labels: { alertname: name, job: 'my-orders', instance, severity },
    annotations: {
      summary: `my-orders on ${instance} fails more than 5 % of the requests to /mcp.`,
      description: 'Share of 5xx responses: 80%.',
    },
  });

  test('names the server, lists every instance, and says when the problem is over', async () => {
    const { address, received } = await startSlack();
    const send = await startAlertmanager(address);
    const alerts = [alert('a:3000'), alert('b:3000')];
    await send(alerts);
    const [problem] = await received(1);
    expect(problem?.attachments).toMatchObject([
      {
        title: '[FIRING: 2] my-orders McpServerErrors',
        title_link: expect.stringMatching(/^http:\/\/127\.0\.0\.1:9093\//),
        text: [
          '*critical*: my-orders on a:3000 fails more than 5 % of the requests to /mcp. Share of 5xx responses: 80%.',
          '*critical*: my-orders on b:3000 fails more than 5 % of the requests to /mcp. Share of 5xx responses: 80%.',
          '',
        ].join('\n'),
        color: 'danger',
      },
    ]);
    const endsAt = new Date(Date.now() - 1).toISOString();
    await send(alerts.map((one) => ({ ...one, endsAt })));
    const [, end] = await received(2);
    expect(end?.attachments).toMatchObject([
      {
        title: '[RESOLVED] my-orders McpServerErrors',
        text: [
          '*resolved*: my-orders on a:3000 fails more than 5 % of the requests to /mcp.',
          '*resolved*: my-orders on b:3000 fails more than 5 % of the requests to /mcp.',
          '',
        ].join('\n'),
        color: 'good',
      },
    ]);
  });

  test('counts all instances of an outage, and lists twenty', async () => {
    const { address, received } = await startSlack();
    const send = await startAlertmanager(address);
    await send(Array.from({ length: 30 }, (_, index) => alert(`10.0.0.${index}:3000`)));
    const [attachment] = (await received(1))[0]?.attachments ?? [];
    expect(attachment?.title).toBe('[FIRING: 30] my-orders McpServerErrors');
    expect(attachment?.text.match(/^\*critical\*: /gm)).toHaveLength(20);
  });

  test('is about one kind of alert of one server, and leaves out warnings of an instance that is down', async () => {
    const { address, received } = await startSlack();
    const send = await startAlertmanager(address);
    await send([
      alert('a:3000', 'McpServerDown'),
      alert('a:3000', 'McpToolSlow', 'warning'),
      alert('b:3000', 'McpToolSlow', 'warning'),
    ]);
    const messages = await received(2);
    expect(messages.map(({ attachments: [first] }) => first?.title).sort()).toEqual([
      '[FIRING: 1] my-orders McpServerDown',
      '[FIRING: 1] my-orders McpToolSlow',
    ]);
    expect(messages.map(({ attachments: [first] }) => first?.text).join('')).toMatch(/b:3000/);
  });
});
