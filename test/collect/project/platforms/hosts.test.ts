import { describe, expect, it } from 'vitest';
import { noSecrets } from '../../../../src/collect/project/secrets/literal-secrets.ts';
import { shown, workloadOf, workloadsOf } from '../support.ts';

const secret = ['Zk3mQ9', 'rTzAbc'].join('');

describe('a Fly app', () => {
  const app = `app = 'weather' # ours
kill_timeout = "30s"

[build]
  dockerfile = "docker/Dockerfile"

[env]
  LOG_LEVEL = "info"
  MCP_API_KEY = "${secret}"

[http_service]
  internal_port = 3000
  min_machines_running = 2

  [[http_service.checks]]
    path = "/readyz"
    interval = "10s"

[[restart]]
  policy = "always"

[[vm]]
  memory = "512mb"
  cpus = 1
`;

  it('is read with all that the rows ask for, and its lines', async () => {
    const secrets = noSecrets();
    const workload = await workloadOf({ 'deploy/fly.toml': app }, secrets);
    expect(workload).toMatchObject({
      platform: 'fly',
      name: 'weather',
      dockerfile: 'deploy/docker/Dockerfile',
      restart: { value: 'always', at: { file: 'deploy/fly.toml', line: 20 } },
      memoryLimit: { value: '512mb', at: { line: 23 } },
      cpuLimit: { value: '1' },
      stopSeconds: { value: '30' },
      replicas: { value: '2' },
      ports: [{ value: '3000' }],
      healthchecks: [{ urls: ['http://127.0.0.1:3000/readyz'], intervalSeconds: 10, at: { line: 16 } }],
    });
    expect(secrets.found).toMatchObject([{ name: 'MCP_API_KEY', at: { line: 9 } }]);
    expect(JSON.stringify(workload)).not.toContain(secret);
  });

  it('has a workload for the groups that take requests', async () => {
    const groups = `app = "x"
[processes]
web = "node server.js"
worker = "node worker.js"
[[services]]
internal_port = 8080
processes = ["web"]
[[services.http_checks]]
path = "/health"
[[services.tcp_checks]]
interval = "15s"
[[restart]]
policy = "never"
processes = ["worker"]
`;
    const workload = await workloadOf({ 'fly.toml': groups });
    expect(workload).toMatchObject({ name: 'x (web)', command: { value: 'node server.js' } });
    expect(workload.restart).toBeUndefined();
    expect(workload.healthchecks.map(({ command }) => command)).toEqual([
      'GET http://127.0.0.1:8080/health',
      'TCP connection to port 8080',
    ]);
  });

  it('may be built by a buildpack', async () => {
    const workload = await workloadOf({ 'fly.toml': 'app = "x"\n[build]\nbuilder = "heroku/builder:24"\n' });
    expect(workload.image).toMatchObject({ known: false, why: 'a buildpack builds the image' });
  });

  it.each([
    ['broken', 'app = "x\n[', 'line 1'],
    ['nested too deeply', `x = ${'['.repeat(5_000)}${']'.repeat(5_000)}`, ''],
  ])('stays unread when it is %s', async (_, text, reason) => {
    const { unread, notices } = await workloadsOf({ 'fly.toml': text });
    expect(unread).toEqual([{ file: 'fly.toml', kind: 'Fly.io app' }]);
    expect(notices).toEqual([expect.stringContaining(`fly.toml was not read: ${reason}`)]);
  });
});

describe('a Render blueprint', () => {
  it('has its services that last', async () => {
    const { workloads } = await workloadsOf({
      'render.yaml': `envVarGroups: []
services:
  - {type: keyvalue, name: cache}
  - {type: cron, name: job, runtime: node}
  - {type: web, name: site, runtime: static}
  - type: web
    name: "weather"
    env: docker
    dockerfilePath: ./Dockerfile
    plan: starter
    numInstances: 2
    healthCheckPath: /readyz
    maxShutdownDelaySeconds: 60
    envVars:
      - {key: PORT, value: 3000}
      - {key: MCP_API_KEY, sync: false}
  - {type: pserv, name: native, runtime: node, startCommand: npm start}
projects:
  - environments: [{name: production, services: [{type: web, name: nested, runtime: image, image: {url: a/b:1}}]}]
`,
    });
    expect(workloads.map(({ name }) => name)).toEqual(['weather', 'native', 'nested']);
    expect(workloads[0]).toMatchObject({
      dockerfile: 'Dockerfile',
      healthchecks: [{ urls: ['http://127.0.0.1/readyz'], at: { line: 12 } }],
      environment: [{ name: 'PORT', value: { value: '3000' } }],
      replicas: { value: '2' },
      memoryLimit: { value: 'starter' },
      stopSeconds: { value: '60' },
    });
    expect(workloads[1]).not.toHaveProperty('dockerfile');
    expect(shown(workloads[2]?.image)).toBe('a/b:1');
  });
});

it('a Procfile has its processes, without those that end', async () => {
  const { workloads } = await workloadsOf({
    Procfile:
      '# ours\nrelease: npm run migrate\nweb: node dist/index.js --port $PORT\nworker: node worker.js\n: x\n',
  });
  expect(workloads.map(({ name, command, at }) => [name, shown(command), at.line])).toEqual([
    ['web', 'node dist/index.js --port $PORT', 3],
    ['worker', 'node worker.js', 4],
  ]);
});

describe('an ECS task definition', () => {
  const task = {
    family: 'weather',
    cpu: '256',
    memory: '512',
    containerDefinitions: [
      {
        name: 'weather',
        image: '${IMAGE}',
        user: '1000',
        portMappings: [{ containerPort: 3000 }],
        environment: [{ name: 'PORT', value: '3000' }],
        secrets: [{ name: 'MCP_API_KEY', valueFrom: 'arn:aws:ssm:x' }],
        healthCheck: {
          command: ['CMD-SHELL', 'curl -f http://localhost:$PORT/health || exit 1'],
          interval: 30,
        },
        ulimits: [{ name: 'nofile', softLimit: 65_536, hardLimit: 65_536 }],
        linuxParameters: { capabilities: { drop: ['ALL'] } },
        dockerSecurityOptions: ['no-new-privileges'],
        restartPolicy: { enabled: true },
        stopTimeout: 60,
        logConfiguration: { logDriver: 'awslogs' },
      },
    ],
  };

  it.each([
    ['as it is registered', task],
    ['as it is described', { taskDefinition: task }],
  ])('is read %s', async (_, description) => {
    const workload = await workloadOf({
      'ecs/task-definition.json': JSON.stringify(description, null, '\t'),
    });
    expect(workload).toMatchObject({
      platform: 'ecs',
      name: 'weather',
      container: 'weather',
      image: { known: false, text: '${IMAGE}' },
      capDrop: ['ALL'],
      noNewPrivileges: { value: true },
      healthchecks: [{ urls: ['http://localhost:3000/health'], intervalSeconds: 30 }],
    });
    const { user, restart, memoryLimit, cpuLimit, fileLimit, stopSeconds, logging } = workload;
    expect([user, restart, memoryLimit, cpuLimit, fileLimit, stopSeconds, logging].map(shown)).toEqual([
      ...['1000', 'enabled', '512', '256', '65536', '60', 'awslogs'],
    ]);
  });

  it('takes the share of a container for no limit, and NONE for no check', async () => {
    const container = { name: 'a', image: 'a', cpu: 256, healthCheck: { command: ['NONE'] } };
    const workload = await workloadOf({ 'task.json': JSON.stringify({ containerDefinitions: [container] }) });
    expect(workload.cpuLimit).toBeUndefined();
    expect(workload.healthchecks).toEqual([]);
  });
});

describe('a PM2 file', () => {
  it.each([
    [
      'ecosystem.config.json',
      '{"apps": [{"name": "weather", "script": "dist/index.js", "instances": 2, "autorestart": false, "max_memory_restart": "300M", "kill_timeout": 5000, "env": {"PORT": 3000}}]}',
    ],
    [
      'pm2.yaml',
      'apps:\n  - name: weather\n    script: dist/index.js\n    instances: 2\n    autorestart: false\n    max_memory_restart: 300M\n    kill_timeout: 5000\n    env: {PORT: 3000}\n',
    ],
  ])('is read: %s', async (file, text) => {
    const { restart, memoryLimit, stopSeconds, replicas, environment } = await workloadOf({ [file]: text });
    expect([restart, memoryLimit, stopSeconds, replicas, environment[0]?.value].map(shown)).toEqual([
      ...['autorestart: false', '300M', '5', '2', '3000'],
    ]);
  });

  it('is a program when it is written in JavaScript, and stays unread', async () => {
    expect(await workloadsOf({ 'ecosystem.config.cjs': 'module.exports = {apps: []}' })).toEqual({
      workloads: [],
      unread: [{ file: 'ecosystem.config.cjs', kind: 'PM2 ecosystem file' }],
      notices: [],
    });
  });
});

it.each([
  'fly.toml',
  'render.yaml',
  'Procfile',
  'a.service',
  'task.json',
  'pm2.json',
  'a.yaml',
  'kustomization.yaml',
])('nothing in a %s makes it throw', async (file) => {
  const texts = [
    '',
    '\0',
    '[]',
    '{}',
    'null',
    '- - -',
    '[Service]',
    '"apps": ["containerDefinitions": [',
    '{{ x }}',
  ];
  const shapes = [
    'apiVersion: v1\nkind: Pod\nspec: [1]\n',
    'kind: Pod\napiVersion: v1\nspec: {containers: [1, {image: {}}, [a]]}\n',
    '{"containerDefinitions": [1, {"environment": {"a": 1}}, null], "apps": [1, {"script": []}]}',
    'resources: {a: 1}\npatches: [1, {patch: 2}]\nservices: [1, {type: web, envVars: 3}]\n',
    'http_service = 1\nvm = 2\nrestart = []\nservices = [1]\nchecks = 3\n',
  ];
  for (const text of [...texts, ...shapes]) {
    const { workloads } = await workloadsOf({ [file]: text });
    expect(JSON.parse(JSON.stringify(workloads))).toEqual(workloads);
  }
});
