import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { levelOf, levelWordIn } from '../src/checklist/reading/lab/log-levels.ts';
import { installsOf } from '../src/checklist/rows/image-hygiene/installs.ts';
import { createIdentity } from '../src/collect/wire/http/identity.ts';
import { variationsOf } from '../src/lab/client/argument-variants.ts';
import { makeArguments, makeValue } from '../src/lab/client/arguments.ts';
import { textArgumentsOf } from '../src/lab/client/text-argument.ts';
import { createCanaries } from '../src/lab/world/canaries.ts';
import { serverEnvironment } from '../src/lab/world/launcher/environment.ts';
import { badArguments } from '../src/protocol/bad-arguments.ts';
import { describeFailure } from '../src/protocol/failures.ts';
import { listen, readBody } from './servers/listen.ts';
import { runInProcess } from './support/cli.ts';

// A server and a project choose names, and every plain object has something under these.
const names = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'valueOf'];

const scratch = mkdtempSync(join(tmpdir(), 'mcp-prod-names-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

/** JSON in which `__proto__` is a member like any other. */
const member = (name: string, value: unknown): object => JSON.parse(`{"${name}":${JSON.stringify(value)}}`);

describe.each(names)('%s', (name) => {
  test('is what a server names its codings, headers, media types, capabilities, tools and their arguments', async () => {
    const without: string[] = [];
    const server = await listen(async (request, response) => {
      if (!request.rawHeaders.includes(name.toLowerCase())) without.push(request.url ?? '');
      const body = (await readBody(request)) ?? '';
      const id = /"id":(\d+)/.exec(body)?.[1];
      const schema = { type: 'object', required: [name], properties: member(name, { type: name }) };
      const result = {
        ...member(name, name),
        protocolVersion: body.includes('initialize') ? '2025-11-25' : name,
        supportedVersions: [name],
        capabilities: { tools: {}, ...member(name, { [name]: true }) },
        serverInfo: { name, version: name },
        tools: [{ name, inputSchema: schema, annotations: member(name, true) }],
        resultType: name,
        cacheScope: name,
      };
      const served = id !== undefined && request.url === '/mcp';
      response.writeHead(served ? 200 : request.url === '/mcp' ? 202 : 401, [
        ...['content-type', request.url === '/mcp' ? 'application/json' : `${name}/${name}; ${name}=${name}`],
        ...['content-encoding', request.method === 'POST' ? name : `gzip, ${name}`],
        ...[name, name, name, 'again'],
        ...['www-authenticate', `${name} ${name}="${name}", resource_metadata="/${name}"`],
      ]);
      response.end(
        served
          ? `{"jsonrpc":"2.0","id":${id},"result":${JSON.stringify(result)}}`
          : `# TYPE ${name} ${name}\n${name}{${name}="1"} 1\n`,
      );
    });
    const words = [
      '--no-burst',
      '--tool',
      name,
      '--profile',
      'extended',
      '--format',
      'json',
      '--header',
      `${name}: x`,
    ];
    const { exitCode, stdout, stderr } = await runInProcess(['audit', server.url.href, ...words]);
    await server.close();
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(JSON.parse(stdout)).toMatchObject({ server: { name } });
    // The user's own header goes with every request.
    expect(without).toEqual([]);
  });

  test('is what a project names its files, stages, services, keys, variables and functions', async () => {
    const files: Record<string, string> = {
      Dockerfile: `ARG ${name}=1\nFROM node:20 AS ${name}\nARG ${name}\nENV ${name}=$${name}\nRUN ${name} install && ${name} ci\nCOPY --from=${name} /a /b\nUSER ${name}\nLABEL ${name}=${name}\nHEALTHCHECK CMD ${name} http://localhost:$${name}/\nCMD ["${name}"]\n`,
      'compose.yaml': `services:\n  ${name}:\n    build: { context: ., target: ${name}, args: { ${name}: 1 } }\n    environment: { ${name}: "\${${name}}" }\n    restart: ${name}\n    logging: { driver: ${name}, options: { ${name}: ${name}, ${'k'.repeat(120)}a: 1, ${'k'.repeat(120)}b: 2 } }\n    extends: { service: ${name} }\n    deploy: { ${name}: 1, resources: { limits: { ${name}: 1 } } }\n${name}: { ${name}: 1 }\n`,
      'k8s/kustomization.yaml': `resources: [app.yaml, ${name}]\npatches:\n  - path: patch.yaml\n`,
      'k8s/app.yaml': `apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: ${name}, labels: { ${name}: ${name} } }\nspec:\n  ${name}: [{ name: 1 }]\n  template:\n    spec:\n      ${name}: [{ name: 1 }]\n      containers: [{ name: ${name}, image: ${name}, ${name}: [{ name: 1 }], env: [{ name: ${name}, value: ${name} }] }]\n`,
      'k8s/patch.yaml': `apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: ${name} }\nspec:\n  ${name}: [{ name: 1 }, { name: 2 }]\n  template: { spec: { ${name}: [{ name: 1 }] } }\n`,
      'k8s/kind.yaml': `apiVersion: v1\nkind: ${name}\n${name}: ${name}\n`,
      'fly.toml': `app = "${name}"\n[${name}]\n${name} = "${name}"\n[env]\n${name} = "${name}"\n[[services]]\n${name} = 1\n`,
      'render.yaml': `services:\n  - type: ${name}\n    name: ${name}\n    plan: ${name}\n    envVars: [{ key: ${name}, value: ${name} }]\n`,
      Procfile: `${name}: ${name}\nweb: ${name}\n`,
      'app.service': `[Service]\nExecStart=/usr/bin/${name}\n${name}=${name}\nRestart=${name}\nTimeoutStopSec=5${name.toLowerCase()}\nEnvironment=${name}=1\n`,
      'ecosystem.config.json': JSON.stringify({ apps: [{ name, script: name, ...member(name, name) }] }),
      'task-definition.json': JSON.stringify({
        family: name,
        containerDefinitions: [{ name, image: name, ...member(name, name) }],
      }),
      'prometheus.yml': `${name}: 1\nrule_files: [${name}]\nalerting: { ${name}: 1 }\n`,
      'alertmanager.yml': `receivers: [{ name: ${name}, ${name}: [{ url: x }] }]\nroute: { receiver: ${name} }\n`,
      'package.json': JSON.stringify({
        name,
        main: name,
        scripts: { start: name, ...member(name, name) },
        dependencies: member(name, '*'),
      }),
      'pyproject.toml': `[project]\nname = "x"\n[tool.${name}]\n${name} = 1\n`,
      'server.ts': `import { ${name} as x } from '${name}';\nimport y from 'pino';\nconst a = { ['${name}']: x, ${name}: 1 };\nx.${name}(process.env.${name}); y().${name}('${name}');\nfetch('http://x/${name}', { ${name}: 1 });\nprocess.on('${name}', () => {}); axios.${name}('x', { timeout: a.${name} });\n`,
      'server.py': `import ${name}\nfrom ${name} import ${name}\n${name} = {'${name}': ${name}}\n${name}.${name}(${name}=${name})\nrequests.${name}('x', timeout=${name}.${name})\nlogging.${name}('${name}')\n`,
      '.env': `${name}=${name}-0123456789abcdef\n`,
      '.dockerignore': `${name}\n`,
      [name]: name,
      [`${name}.yaml`]: `${name}: ${name}\n`,
      [`src/${name}/${name}.ts`]: `export const ${name}Key = '${name}';\n`,
      'mcp-prod.config.json': JSON.stringify({
        start: name,
        secrets: [name],
        credential: name,
        env: { A: name },
        upstream: { [`${name}.example`]: { [`GET /${name}`]: name } },
      }),
    };
    const root = join(scratch, `project-${name}`);
    for (const [file, text] of Object.entries(files)) {
      mkdirSync(dirname(join(root, file)), { recursive: true });
      writeFileSync(join(root, file), text);
    }
    for (const format of ['json', 'terminal', 'markdown', 'html', 'junit', 'sarif']) {
      const { exitCode, stderr } = await runInProcess([
        'audit',
        root,
        '--profile',
        'extended',
        '--format',
        format,
      ]);
      expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    }
  });

  test('means nothing where it is no name of ours', () => {
    expect(installsOf(`${name} install && /usr/bin/${name} ci`)).toEqual([]);
    expect(levelOf('level', name)).toBeNull();
    expect(levelWordIn(`level=${name} x`)).toBeNull();
    expect(describeFailure(Object.assign(new Error('x'), { code: name }))).toEqual({
      reason: 'protocol',
      message: 'x',
    });
    const { values } = createCanaries([name]);
    expect(Object.entries(values)).toEqual([[name, expect.stringMatching(/^[a-z0-9]{40}$/)]]);
    const environment = serverEnvironment({}, member(name, 'one') as never, member(name, 'two') as never);
    expect(Object.entries(environment)).toContainEqual([name, 'two']);
    const { headers } = createIdentity({ url: new URL('http://a.test'), headers: [{ name, value: 'x' }] });
    expect(Object.entries(headers('given'))).toContainEqual([name.toLowerCase(), 'x']);
  });

  test('is an argument of a tool like any other', () => {
    const text = { type: 'string', examples: ['London'] };
    const schema = { type: 'object', required: [name], properties: member(name, text) };
    const made = makeArguments(schema);
    expect(Object.entries('value' in made ? made.value : {})).toEqual([[name, 'London']]);
    expect(makeArguments({ type: 'object', required: [name] })).toHaveProperty('problem');
    expect(makeValue({ properties: {} }, name, 0)).toHaveProperty('problem');
    expect(
      makeArguments({ type: 'object', required: ['a'], properties: { a: { type: 'string', format: name } } }),
    ).toEqual({ value: { a: 'London' } });
    const texts = (property: object, given = {}) =>
      textArgumentsOf({ properties: member(name, property) }, given).filter(({ by }) => by === 'text');
    expect(texts({ type: name })).toEqual([]);
    expect(texts({})).toEqual([]);
    expect(Object.entries(texts({ type: 'string' })[0]?.put('x') ?? {})).toEqual([[name, 'x']]);
    const place = { type: 'object', properties: member(name, { type: 'string' }) };
    const [inner] = textArgumentsOf({ properties: { place } }, {});
    expect(Object.entries(inner?.put('x').place ?? {})).toEqual([[name, 'x']]);
    expect(
      variationsOf({}, { properties: member(name, { type: 'string', enum: ['a', 'b'] }) }).map((one) =>
        Object.entries(one),
      ),
    ).toEqual([[[name, 'a']], [[name, 'b']]]);
    expect(badArguments(schema, {}).map((bad) => bad.defect)).toEqual([
      { argument: name, how: 'missing' },
      { argument: name, how: 'wrong-type' },
    ]);
  });
});
