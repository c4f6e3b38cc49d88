import { describe, expect, it } from 'vitest';
import { noSecrets } from '../../../../src/collect/project/secrets/literal-secrets.ts';
import { shown, workloadOf, workloadsOf } from '../support.ts';

const unit = `# systemd knows two kinds of comments
; and this is the other
[Unit]
Description=Weather [Service] of ours
After=network-online.target

[Service]
Type=exec
ExecStart=/usr/bin/node \\
# within a line
  dist/index.js --port 3000
Environment="NODE_ENV=production" 'GREETING=a b' PORT=3000
User=weather
Restart = always
LimitNOFILE=65536:131072
MemoryMax=512M
CPUQuota=100%
TimeoutStopSec=1min 30s
KillSignal=SIGTERM
NoNewPrivileges=yes
CapabilityBoundingSet=

[Install]
WantedBy=multi-user.target
`;
const service = (lines: string) => `[Service]\nExecStart=/srv/weather\n${lines}\n`;

describe('a service unit', () => {
  it('is read with all that the rows ask for', async () => {
    const workload = await workloadOf({ 'deploy/weather.service': unit });
    expect(workload).toMatchObject({
      platform: 'systemd',
      kind: 'service',
      name: 'weather',
      at: { file: 'deploy/weather.service', line: 8 },
      capDrop: ['ALL'],
    });
    const {
      command,
      user,
      restart,
      fileLimit,
      memoryLimit,
      cpuLimit,
      stopSeconds,
      stopSignal,
      noNewPrivileges,
    } = workload;
    expect(shown(command)).toBe('/usr/bin/node dist/index.js --port 3000');
    expect(
      [user, restart, fileLimit, memoryLimit, cpuLimit, stopSeconds, stopSignal, noNewPrivileges].map(shown),
    ).toEqual([...['weather', 'always', '65536', '512M', '100%', '90', 'SIGTERM', true]]);
    expect(restart?.at).toEqual({ file: 'deploy/weather.service', line: 14 });
    expect(workload.environment.map(({ name, value }) => [name, shown(value)])).toEqual([
      ['NODE_ENV', 'production'],
      ['GREETING', 'a b'],
      ['PORT', '3000'],
    ]);
  });

  it('takes its drop-ins in the order of their names, and what they take back', async () => {
    const workload = await workloadOf({
      'weather.service': service('User=one\nMemoryMax=1G\nRestart=no'),
      'weather.service.d/20-more.conf': '[Service]\nRestart=on-failure\nMemoryMax=\n',
      'weather.service.d/10-first.conf': '[Service]\nRestart=always\nExecStart=\nExecStart=/srv/other\n',
      'weather.service.d/notes.txt': '[Service]\nRestart=no\n',
    });
    expect([workload.restart, workload.user, workload.memoryLimit, workload.command].map(shown)).toEqual([
      ...['on-failure', 'one', undefined, '/srv/other'],
    ]);
    expect(workload.restart?.at.file).toBe('weather.service.d/20-more.conf');
  });

  it.each([
    ['DynamicUser=yes', { nonRoot: { value: true }, noNewPrivileges: { value: true } }],
    ['User=%i', { user: { known: false, text: '%i' } }],
    ['LimitNOFILE=infinity', { fileLimit: { value: 'infinity' } }],
    ['TimeoutStopSec=20', { stopSeconds: { value: '20' } }],
    ['TimeoutStopSec=soon', { stopSeconds: { known: false } }],
    ['[Install]\nWantedBy=default.target', { kind: 'user service' }],
  ])('may say %s', async (lines, expected) => {
    expect(await workloadOf({ 'a.service': service(lines) })).toMatchObject(expected);
  });

  it.each([
    ['runs to its end', service('Type=oneshot')],
    ['starts nothing', '[Service]\nRestart=always\n'],
  ])('is no server when it %s', async (_, text) => {
    expect(await workloadsOf({ 'a.service': text })).toEqual({ workloads: [], unread: [], notices: [] });
  });

  it('gives no secret away', async () => {
    const secrets = noSecrets();
    const value = ['Zk3mQ9', 'rTzAbc'].join('');
    const text = service(`Environment=MCP_API_KEY=${value}\nExecStart=/srv/weather --api-key ${value}1`);
    const seen = await workloadsOf({ 'a.service': text }, secrets);
    expect(secrets.found.map(({ name, at }) => [name, at.line])).toEqual([
      ['api-key', 4],
      ['MCP_API_KEY', 3],
    ]);
    expect(JSON.stringify(seen)).not.toContain(value);
  });

  it('ends in bounded time', async () => {
    const started = performance.now();
    await workloadsOf({ 'a.service': `[Service]\n${'ExecStart=a \\\n'.repeat(70_000)}` });
    await workloadsOf({ 'a.service': `[Service]\n${'='.repeat(900_000)}` });
    expect(performance.now() - started).toBeLessThan(2_000);
  });
});
