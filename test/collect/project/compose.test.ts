import { describe, expect, it } from 'vitest';
import { readComposeProjects } from '../../../src/collect/project/compose/projects.ts';
import { noSecrets } from '../../../src/collect/project/secrets/literal-secrets.ts';
import { appWith, composeOf, service } from './support.ts';

const value = (declared: { known: boolean; value?: string; why?: string } | undefined) =>
  declared === undefined ? undefined : declared.known ? declared.value : `? ${declared.why}`;

describe('restart', () => {
  const policies: [string, string | undefined][] = [
    ['image: a', undefined],
    ['restart: always', 'always'],
    ['restart: "unless-stopped"', 'unless-stopped'],
    ['restart: on-failure:5', 'on-failure:5'],
    ['restart: no', 'no'],
    ['restart: "no"', 'no'],
    ['restart: false', 'no'],
    ['restart: ${POLICY:-always}', 'always'],
    ['restart: ${POLICY}', '? POLICY has no default in the environment of compose'],
    ['restart: ${POLICY:?tell me}', '? POLICY must be set in the environment of compose'],
    ['restart:', undefined],
  ];
  it.each(policies)('%s', async (text, policy) => {
    expect(value((await appWith(text)).restart)).toBe(policy);
  });

  it.each([
    ['deploy: {restart_policy: {condition: on-failure}}', 'on-failure'],
    ['deploy: {restart_policy: {condition: none}}', 'none'],
    ['deploy: {restart_policy: {delay: 5s}}', 'any'],
    ['deploy:\n  restart_policy:', 'any'],
    ['deploy: {replicas: 2}', undefined],
  ])('%s', async (text, policy) => {
    expect(value((await appWith(text)).deployRestart)).toBe(policy);
  });

  it('has the line of its value', async () => {
    const app = await appWith('image: a\nrestart:\n  always\n');
    expect(app.restart?.at).toEqual({ file: 'compose.yaml', line: 5 });
    expect(app.at).toEqual({ file: 'compose.yaml', line: 2 });
  });
});

describe('a service', () => {
  it('has ports in short and long syntax', async () => {
    const app = await appWith(
      [
        'ports:',
        '  - 3000',
        '  - "8080:3000"',
        '  - 127.0.0.1:8080:3000/tcp',
        '  - "[::1]:8080:3000"',
        '  - "${PORT:-8081}:3000"',
        '  - "9000-9001:3000-3001/udp"',
        '  - {target: 3000, published: "8080", host_ip: 127.0.0.1, protocol: tcp}',
      ].join('\n'),
    );
    expect(app.ports).toEqual([
      { target: '3000' },
      { published: '8080', target: '3000' },
      { published: '8080', target: '3000', hostIp: '127.0.0.1' },
      { published: '8080', target: '3000', hostIp: '::1' },
      { published: '8081', target: '3000' },
      { published: '9000-9001', target: '3000-3001' },
      { published: '8080', target: '3000', hostIp: '127.0.0.1' },
    ]);
  });

  it.each([
    ['map', 'environment:\n  A: 1\n  B: "x=y"\n  C: ${X:-d}\n  D: ${X}\n  E:\n  F: "$$x"\n  G: ""'],
    ['list', 'environment:\n  - A=1\n  - B=x=y\n  - C=${X:-d}\n  - D=${X}\n  - E\n  - F=$$x\n  - G='],
  ])('has its environment as a %s', async (_, text) => {
    const { environment } = await appWith(text);
    expect(environment.map((item) => [item.name, value(item.value), item.value.at.line])).toEqual([
      ['A', '1', 4],
      ['B', 'x=y', 5],
      ['C', 'd', 6],
      ['D', '? X has no default in the environment of compose', 7],
      ['E', '? the environment of compose sets it', 8],
      ['F', '$x', 9],
      ['G', '', 10],
    ]);
  });

  const checks: [string, object | undefined][] = [
    [
      'healthcheck: {test: ["CMD", "curl", "-f", "http://localhost:3000/h"], interval: 10s}',
      { kind: 'command', urls: ['http://localhost:3000/h'], intervalSeconds: 10 },
    ],
    [
      'healthcheck: {test: ["CMD-SHELL", "curl localhost:$$PORT/h || exit 1"]}\nenvironment: {PORT: 81}',
      { urls: ['http://localhost:81/h'] },
    ],
    [
      'healthcheck: {test: "curl -f http://localhost:${PORT:-82}/h"}',
      { command: 'curl -f http://localhost:82/h' },
    ],
    ['healthcheck: {test: ["NONE"]}', { kind: 'none' }],
    ['healthcheck: {disable: true}', { kind: 'none' }],
    ['healthcheck: {disable: false, test: ["CMD", "true"]}', { kind: 'command' }],
    // The image's own check, with another timing.
    ['healthcheck: {interval: 5s}', undefined],
  ];
  it.each(checks)('%s', async (text, expected) => {
    const { healthcheck } = await appWith(text);
    if (expected === undefined) expect(healthcheck).toBeUndefined();
    else expect(healthcheck).toMatchObject(expected);
  });

  it('has limits, of the deployment or the older ones', async () => {
    const modern = await appWith('mem_limit: 1g\ndeploy: {resources: {limits: {memory: 512M, cpus: "0.5"}}}');
    expect([value(modern.memoryLimit), value(modern.cpuLimit)]).toEqual(['512M', '0.5']);
    const older = await appWith('mem_limit: 1g\ncpus: 2');
    expect([value(older.memoryLimit), value(older.cpuLimit)]).toEqual(['1g', '2']);
  });

  it.each([
    ['ulimits: {nofile: {soft: 20000, hard: 40000}}', { fileLimit: { value: '20000' } }],
    ['ulimits: {nofile: 65536}', { fileLimit: { value: '65536' } }],
    ['stop_grace_period: 1m30s', { stopSeconds: { value: '90' } }],
    ['stop_grace_period: soon', { stopSeconds: { known: false } }],
    ['stop_signal: SIGINT', { stopSignal: { value: 'SIGINT' } }],
    ['deploy: {replicas: 3}', { replicas: { value: '3' } }],
    ['scale: 2', { replicas: { value: '2' } }],
    ['command: [node, a.js, --port, "3000"]', { command: 'node a.js --port 3000' }],
  ])('has what is said of its process: %s', async (lines, expected) => {
    expect(await appWith(lines)).toMatchObject(expected);
  });

  it('has its hardening', async () => {
    const app = await appWith(
      'user: "1000:1000"\ncap_drop: [ALL]\nprivileged: false\nsecurity_opt: ["no-new-privileges:true"]\nread_only: true',
    );
    expect(app).toMatchObject({ capDrop: ['ALL'], privileged: false, noNewPrivileges: true, readOnly: true });
    expect(value(app.user)).toBe('1000:1000');
    const open = await appWith(
      'privileged: yes\nsecurity_opt: [no-new-privileges:false, seccomp:unconfined]',
    );
    expect(open).toMatchObject({ capDrop: [], privileged: true, noNewPrivileges: false, readOnly: false });
  });

  it.each([
    ['build: .', { context: '.', dockerfile: 'Dockerfile' }],
    ['build: ./server', { context: 'server', dockerfile: 'server/Dockerfile' }],
    [
      'build: {context: server/, dockerfile: ../docker/prod.Dockerfile, target: run}',
      { context: 'server', dockerfile: 'docker/prod.Dockerfile', target: 'run' },
    ],
    ['build: {dockerfile_inline: "FROM a"}', { context: '.', dockerfile: '(inline)' }],
    ['build: https://github.com/a/b.git', { context: 'https://github.com/a/b.git' }],
  ])('is built: %s', async (text, build) => {
    expect((await appWith(text)).build).toMatchObject(build);
  });

  it('has its logging', async () => {
    const { logging } = await appWith(
      'logging:\n  driver: fluentd\n  options:\n    fluentd-address: logs:24224',
    );
    expect(logging).toMatchObject({ driver: 'fluentd', options: { 'fluentd-address': 'logs:24224' } });
    expect((await appWith('logging: {options: {max-size: 10m}}')).logging?.driver).toBe('json-file');
  });

  it.each([
    ['an alias', 'logging: *logging', 3],
    ['an alias for the driver', 'logging: {driver: *driver}', 3],
    ['a merge key', 'logging: {<<: *logging, options: {a: b}}', 3],
    ['a default', 'logging:\n      driver: ${LOG_DRIVER:-none}', 7],
  ])('has its logging through %s', async (_, text, line) => {
    const { projects } = await composeOf({
      'compose.yaml': `
x-logging: &logging
  driver: &driver "none"
services:
  app:
    ${text}
`,
    });
    expect(service(projects[0], 'app').logging).toMatchObject({
      driver: 'none',
      at: { file: 'compose.yaml', line },
    });
  });
});

describe('reuse', () => {
  it('takes merge keys, own keys first and earlier maps before later ones', async () => {
    const { projects } = await composeOf({
      'compose.yaml': `
x-one: &one {restart: always, user: one, image: one}
x-two: &two {user: two, read_only: true}
services:
  app:
    <<: [*one, *two]
    image: own
  other:
    <<: *one
`,
    });
    const app = service(projects[0], 'app');
    expect([app.image, value(app.user), value(app.restart), app.readOnly]).toEqual([
      'own',
      'one',
      'always',
      true,
    ]);
    expect(app.restart?.at.line).toBe(2);
    expect(service(projects[0], 'other').image).toBe('one');
  });

  it('extends services of the same file and of another one', async () => {
    const { projects } = await composeOf({
      'compose.yaml':
        'services:\n  base:\n    image: a\n    restart: always\n    environment: {A: 1}\n  app:\n    extends: base\n    environment: [B=2]\n  far:\n    extends: {file: deploy/common.yaml, service: web}\n    user: app\n',
      'deploy/common.yaml':
        'services:\n  web:\n    build: ../server\n    restart: on-failure\n    user: root\n',
    });
    const app = service(projects[0], 'app');
    expect(app.environment.map(({ name }) => name)).toEqual(['A', 'B']);
    expect(value(app.restart)).toBe('always');
    const far = service(projects[0], 'far');
    expect(far.build).toEqual({ context: 'server', dockerfile: 'server/Dockerfile' });
    expect(value(far.user)).toBe('app');
    expect(far.restart?.at).toEqual({ file: 'deploy/common.yaml', line: 4 });
  });

  const brokenExtends: [string, string][] = [
    ['  a:\n    extends: b\n  b:\n    extends: a', 'compose.yaml: line 3: a extends itself'],
    ['  a:\n    extends: c', 'compose.yaml: line 3: c of compose.yaml does not exist'],
    [
      '  a:\n    extends: {file: x.yaml, service: c}',
      'compose.yaml: line 3: c of x.yaml cannot be extended: does not exist',
    ],
    ['  a:\n    extends: {}', 'compose.yaml: line 3: extends does not name a service'],
  ];
  it.each(brokenExtends)('%j', async (text, broken) => {
    const { projects } = await composeOf({ 'compose.yaml': `services:\n${text}\n` });
    expect(projects[0]?.broken).toBe(broken);
    expect(projects[0]?.services.map(({ name }) => name)).toContain('a');
  });

  it('merges the override as Docker does', async () => {
    const { projects } = await composeOf({
      'docker-compose.yml': `services:
  app:
    build: .
    restart: always
    command: [node, a.js]
    ports: ["3000:3000"]
    environment: [A=1, B=1]
    cap_drop: [ALL]
    healthcheck: {test: [CMD, curl, "http://localhost/a"], interval: 5s}
    logging: {driver: json-file, options: {max-size: 10m}}
    user: app
  db: {image: b}
`,
      'docker-compose.override.yml': `services:
  app:
    restart: no
    build: {target: dev}
    ports: ["9229:9229"]
    environment: {B: 2, C: 3}
    cap_drop: !override [NET_RAW]
    healthcheck: {test: [CMD, wget, "http://localhost/b"]}
    logging: {driver: fluentd}
    user: !reset null
  mail: {image: m}
`,
    });
    expect(projects.map(({ files }) => files)).toEqual([
      ['docker-compose.yml', 'docker-compose.override.yml'],
    ]);
    const app = service(projects[0], 'app');
    expect(app).toMatchObject({
      build: { context: '.', dockerfile: 'Dockerfile', target: 'dev' },
      ports: [{ target: '3000' }, { target: '9229' }],
      capDrop: ['NET_RAW'],
      healthcheck: { urls: ['http://localhost/b'], intervalSeconds: 5 },
      logging: { driver: 'fluentd', options: {} },
    });
    expect(app.environment.map((item) => [item.name, value(item.value)])).toEqual([
      ['A', '1'],
      ['B', '2'],
      ['C', '3'],
    ]);
    expect(app.restart).toEqual({
      known: true,
      value: 'no',
      at: { file: 'docker-compose.override.yml', line: 3 },
    });
    expect(app.user).toBeUndefined();
    expect(projects[0]?.services.map(({ name }) => name)).toEqual(['app', 'db', 'mail']);
  });

  it('puts other files on top of the base unless they are complete', async () => {
    const { projects, notices } = await composeOf({
      'compose.yaml': 'services:\n  app: {image: a, restart: always}\n',
      'compose.override.yaml': 'services:\n  app: {user: dev}\n',
      'compose.prod.yaml': 'services:\n  app: {user: prod}\n',
      'compose.test.yaml': 'services:\n  app: {image: t}\n',
      'docker-compose.yml': 'services:\n  app: {image: unused}\n',
      'sub/compose.yml': 'services:\n  app: {image: s, build: .}\n',
    });
    expect(projects.map(({ files }) => files)).toEqual([
      ['compose.yaml', 'compose.override.yaml'],
      ['compose.yaml', 'compose.prod.yaml'],
      ['compose.test.yaml'],
      ['sub/compose.yml'],
    ]);
    expect(value(service(projects[1], 'app').user)).toBe('prod');
    expect(value(service(projects[1], 'app').restart)).toBe('always');
    expect(service(projects[3], 'app').build?.dockerfile).toBe('sub/Dockerfile');
    expect(notices).toEqual([
      'Not read, because Docker uses compose.yaml instead: docker-compose.yml.',
      'compose.prod.yaml was merged onto compose.yaml, because some of its services have neither image nor build.',
    ]);
  });

  it('tells services that others wait for to end', async () => {
    const { projects } = await composeOf({
      'compose.yaml': `services:
  migrate: {image: a}
  db: {image: b}
  app:
    image: c
    depends_on:
      migrate: {condition: service_completed_successfully}
      db: {condition: service_healthy}
`,
    });
    expect(projects[0]?.services.map(({ name, runsToCompletion }) => [name, runsToCompletion])).toEqual([
      ['migrate', true],
      ['db', undefined],
      ['app', undefined],
    ]);
  });

  it('keeps profiles', async () => {
    expect((await appWith('profiles: [debug, "dev"]')).profiles).toEqual(['debug', 'dev']);
  });

  it('says that it did not read a Dockerfile within', async () => {
    const { notices } = await composeOf({
      'compose.yaml': 'services:\n  a: {build: {dockerfile_inline: FROM b}}\n',
    });
    expect(notices).toEqual(['Inline Dockerfiles in compose files were not read: a.']);
  });

  it('says which files it did not follow', async () => {
    const { projects, notices } = await composeOf({
      'compose.yaml': 'include: [a.yaml, {path: [b.yaml]}]\n',
    });
    expect(projects[0]).toEqual({ files: ['compose.yaml'], services: [] });
    expect(notices).toEqual(['compose.yaml includes files that were not read: a.yaml, b.yaml.']);
  });
});

describe('broken files', () => {
  const broken: [string, string][] = [
    ['', 'the file is empty'],
    ['- a', 'the file is not a map'],
    ['name: a', 'the file has no services'],
    ['services: a', 'line 1: services is not a map'],
    ['services:\n  app: 3', 'line 2: the service app is not a map'],
    ['services:\n  app:\n    image: a\n    image: b', 'line 4: the key "image" is already on line 3'],
    ['services:\n  app: [', 'line 2: Flow sequence'],
    ['services:\n\tapp: a', 'line 2: Tabs are not allowed as indentation'],
    ['services:\n  app: *no', 'line 2: the alias *no has no anchor'],
    ['services:\n  app: &a\n    x: *a', 'line 3: the alias *a has no anchor'],
    ['services:\n  app:\n    <<: a', 'line 3: << merges only maps'],
    ['services:\n  ? [a]\n  : b', 'line 2: a key is not a plain text'],
    [`services: ${'['.repeat(200_000)}`, 'line 1: nested too deeply'],
    [`services: ${'['.repeat(200_000)}${']'.repeat(200_000)}`, 'line 1: nested too deeply'],
    [`services:\n  ${'- '.repeat(200_000)}`, 'line 2: nested too deeply'],
    [`services: ${'{a: '.repeat(200_000)}`, 'line 1: nested too deeply'],
    [
      Array.from({ length: 1000 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n'),
      'line 65: nested too deeply',
    ],
    [
      `a: &a0 [x,x,x,x,x,x,x,x,x]\n${Array.from({ length: 12 }, (_, n) => `b${n}: &a${n + 1} [${`*a${n},`.repeat(9)}]`).join('\n')}`,
      'line 6: aliases expand to more than 100000 values',
    ],
    [
      Array.from({ length: 300 }, (_, n) => `${n === 0 ? 'services:\n' : ''}  s${n}: {image: a}`).join('\n'),
      'line 202: more than 200 services',
    ],
  ];
  it.each(broken)('%#', async (text, message) => {
    const { projects } = await composeOf({ 'compose.yaml': text });
    expect(projects[0]?.broken).toContain(`compose.yaml: ${message}`);
    expect(projects[0]?.broken).not.toContain('\n');
  });

  it('do not hide the services of the others', async () => {
    const { projects } = await composeOf({
      'compose.yaml': 'services:\n  app: {image: a}\n',
      'compose.override.yaml': 'services: [',
    });
    expect(projects[0]?.broken).toMatch(/^compose\.override\.yaml: line 1: /);
    expect(service(projects[0], 'app').image).toBe('a');
  });

  it('may have odd names', async () => {
    const { projects } = await composeOf({
      'compose.yaml': 'services:\n  __proto__: {image: a, environment: {__proto__: x, constructor: y}}\n',
    });
    const odd = service(projects[0], '__proto__');
    expect(odd.environment.map(({ name }) => name)).toEqual(['__proto__', 'constructor']);
  });

  it.each([
    ['keys', (n: number) => `k${n}: 1\n`],
    ['lists', () => '- {a: 1}\n'],
    ['comments', () => '#\n'],
  ])('end in bounded time: a megabyte of %s', async (_, line) => {
    let text = 'services:\n';
    for (let count = 0; text.length < 1_000_000; count++) text += line(count);
    const started = performance.now();
    const { projects } = await composeOf({ 'compose.yaml': text });
    expect(performance.now() - started).toBeLessThan(1_500);
    expect(projects[0]?.broken).toMatch(/^compose.yaml: line \d+: more than 100000 tokens$/);
  });

  it('are left when the time is up, before the rest is parsed', async () => {
    const names = ['compose.yaml', 'compose.a.yaml', 'compose.b.yaml'];
    const read: string[] = [];
    const time = new AbortController();
    const { projects } = await readComposeProjects(
      names,
      async (file) => {
        read.push(file);
        time.abort();
        return { text: 'services: {app: {image: a}}' };
      },
      noSecrets(),
      time.signal,
    );
    expect(read).toEqual(['compose.a.yaml']);
    expect(projects).toEqual([]);
  });

  it('end in bounded time: unclosed variables', async () => {
    const started = performance.now();
    await appWith(`image: "${'${A:-'.repeat(100_000)}"\nuser: "${'${A:-'.repeat(3_000)}"`);
    expect(performance.now() - started).toBeLessThan(3_000);
  });
});
