import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Lockfile } from '../../src/scaffold/lockfile.ts';
import { combinations, type ScaffoldOption, scaffoldOptions } from '../../src/scaffold/options.ts';
import { createPlan, type Plan, type PlannedFile } from '../../src/scaffold/plan.ts';
import { layersOf, type Selections, withDefaults, withImplied } from '../../src/scaffold/selections.ts';
import { readLayer, templatesRoot } from '../../src/scaffold/templates.ts';
import {
  auditSettingsFit,
  type Check,
  dependenciesFit,
  everythingIsRendered,
  everythingParses,
  imagesArePinned,
  importsResolve,
  namedFilesExist,
  nothingIsLeftOver,
  variablesAreDocumented,
  variablesRead,
} from './coherence.ts';
import { dependabotReadsEveryPin } from './dependabot.ts';

const optionOf = (wanted: string) => scaffoldOptions.find(({ id }) => id === wanted) as ScaffoldOption;
const valuesOf = (id: string) => optionOf(id).choices.map(({ value }) => value);
const given = { mcpApiKey: 'ab'.repeat(32), toolVersion: '1.2.3' };

/** `src` and `test` depend on these options: all combinations are checked. */
const inSource = ['auth', 'store', 'provider', 'sse', 'observability'];

/** The options of other files. */
const around: Selections[] = [
  { deploy: valuesOf('deploy'), ci: ['github'], 'package-manager': ['npm'] },
  { deploy: [], ci: ['none'], 'package-manager': ['npm'] },
  { deploy: ['docker'], ci: ['gitlab'], 'package-manager': ['yarn'] },
  { deploy: ['compose'], ci: ['github'], 'package-manager': ['bun'] },
  { deploy: ['kubernetes'], ci: ['gitlab'], 'package-manager': ['pnpm'] },
  { deploy: ['fly'], ci: ['none'], 'package-manager': ['bun'] },
  { deploy: ['render'], ci: ['none'], 'package-manager': ['pnpm'] },
  { deploy: ['systemd'], ci: ['none'], 'package-manager': ['yarn'] },
];

function combinationsOf(ids: readonly string[]): Selections[] {
  return ids.reduce<Selections[]>(
    (all, id) => all.flatMap((some) => valuesOf(id).map((value) => ({ ...some, [id]: [value] }))),
    [{}],
  );
}

function planFor(selections: Selections): Promise<Plan> {
  const complete = withDefaults(selections);
  const deploy = withImplied(optionOf('deploy'), complete.deploy ?? []);
  return createPlan({ directory: '/x', name: 'a-name', selections: { ...complete, deploy } }, given);
}

const spelled = (selections: Selections) =>
  Object.entries(selections)
    .map(([id, values]) => `--${id} ${values.join(',') || 'none'}`)
    .join(' ');

let plans: Plan[];
let locked: Lockfile;
beforeAll(async () => {
  locked = JSON.parse(await readFile(join(templatesRoot, 'package-manager/npm/package-lock.json'), 'utf8'));
  plans = [];
  const [everything = {}, nothing = {}, ...others] = around;
  for (const [index, source] of combinationsOf(inSource).entries()) {
    // A third one by turns, which shifts, so that each meets all values.
    const other = others[(index + Math.floor(index / others.length)) % others.length] ?? {};
    for (const rest of [everything, nothing, other]) plans.push(await planFor({ ...source, ...rest }));
  }
});

describe('every combination', () => {
  const checks: Record<string, Check> = {
    'imports files that are there': importsResolve,
    'declares the packages that it uses, and no others': (plan) => dependenciesFit(locked)(plan),
    'documents the variables that it reads, and no others': variablesAreDocumented,
    'has nothing of what was not chosen': nothingIsLeftOver,
    'is rendered': everythingIsRendered,
    parses: everythingParses,
    'names files that are there': namedFilesExist,
    'tells the audit what is there': auditSettingsFit,
    'pins images by digest': imagesArePinned,
    'lets Dependabot read what it pins': dependabotReadsEveryPin,
  };

  test.each(Object.entries(checks))('%s', (_what, check) => {
    expect(plans.length).toBe(3 * 72);
    // Lists each problem once, with its first combination.
    const problems = new Map<string, string>();
    for (const plan of plans)
      for (const problem of check(plan))
        if (!problems.has(problem)) problems.set(problem, spelled(plan.selections));
    expect([...problems].map(([problem, where]) => `${problem} (${where})`)).toEqual([]);
  });
});

describe('the template folders', () => {
  test('are those that the table of options names, and no others', async () => {
    const named = [
      ...scaffoldOptions.flatMap(({ choices }) => choices.flatMap(({ layers }) => layers)),
      ...combinations.map(({ layer }) => layer),
    ];
    const folders: string[] = [];
    for (const group of await readdir(templatesRoot)) {
      if (group === 'base') continue;
      const below = await readdir(join(templatesRoot, group));
      const isLayer = named.includes(group);
      folders.push(...(isLayer ? [group] : below.map((name) => `${group}/${name}`)));
    }
    expect(folders.sort()).toEqual([...new Set(named)].sort());
  });

  test('that go together have no part of one name, which would replace the other', async () => {
    const clashes = new Set<string>();
    const seen = new Map<string, Set<string>>();
    for (const { selections } of plans) {
      const owners = new Map<string, string>();
      for (const layer of layersOf(selections)) {
        const paths = seen.get(layer) ?? new Set((await readLayer(layer)).map(({ path }) => path));
        seen.set(layer, paths);
        for (const path of paths) {
          if (!/\.d\/[^/]+$/.test(path)) continue;
          const owner = owners.get(path);
          if (owner !== undefined) clashes.add(`${path} is in ${owner} and in ${layer}`);
          owners.set(path, layer);
        }
      }
    }
    expect([...clashes]).toEqual([]);
  });
});

describe('the README', () => {
  const topics = [
    'Quick start, Connect a client, Configuration, Who may call, Access tokens, API keys, No authentication',
    'Endpoints, HTTP+SSE, Connections and load',
    'Logs, Metrics, Alerts, Dashboard, Traces, Logs, metrics, traces and alerts on this machine',
    'When the weather service fails, When Redis fails, Scaling, Shutdown',
    'Docker, Docker Compose, Kubernetes, Fly.io, Render, systemd, Behind a reverse proxy, Before production',
    'Develop, Audit, CI',
  ];

  test('has its sections in the order in which people need them', () => {
    const order = topics.join(', ');
    for (const { files, selections } of plans) {
      const readme = files.find(({ path }) => path === 'README.md')?.contents ?? '';
      let from = 0;
      for (const [, title = ''] of readme.matchAll(/^## (.+)$/gm)) {
        const at = order.indexOf(title, from);
        expect(at, `${title} (${spelled(selections)})`).toBeGreaterThanOrEqual(from);
        from = at + title.length;
      }
    }
  });

  test('continues a section with parts of numbers of their own, which no heading can come between', async () => {
    const layers = [...new Set(plans.flatMap(({ selections }) => layersOf(selections)))];
    const files = (await Promise.all(layers.map((layer) => readLayer(layer)))).flat();
    const parts = files.filter(({ path }) => path.startsWith('README.md.d/'));
    const numberOf = (path: string) => path.slice('README.md.d/'.length).split('-')[0];
    const begins = parts.filter(({ contents }) => contents.startsWith('#'));
    const taken = new Set(begins.map(({ path }) => numberOf(path)));
    const continues = parts.filter((part) => !begins.includes(part));
    expect(continues.map(({ path }) => path).filter((path) => taken.has(numberOf(path)))).toEqual([]);
  });
});

describe('a check finds', () => {
  let plan: Plan;
  beforeAll(async () => {
    plan = await planFor({});
  });

  const change = (path: string, to: (contents: string) => string): Plan => ({
    ...plan,
    files: plan.files.map((file) => (file.path === path ? { ...file, contents: to(file.contents) } : file)),
  });
  const add = (path: string, contents: string): Plan => ({
    ...plan,
    files: [...plan.files, { path, contents, mode: 0o644 } satisfies PlannedFile],
  });
  const adjust = (edit: (manifest: Record<string, Record<string, string>>) => void) =>
    change('package.json', (text) => {
      const manifest = JSON.parse(text);
      edit(manifest);
      return JSON.stringify(manifest);
    });

  test.each<[string, Check, () => Plan, RegExp]>([
    ['a missing module', importsResolve, () => add('src/x.ts', "import './gone.ts';"), /src\/gone\.ts/],
    [
      'a mocked module that is missing',
      importsResolve,
      () => add('test/x.test.ts', "vi.mock('../src/gone.ts')"),
      /src\/gone\.ts/,
    ],
    [
      'an undeclared package',
      (p) => dependenciesFit(locked)(p),
      () => add('src/x.ts', "import { Redis } from 'ioredis';"),
      /ioredis is imported/,
    ],
    [
      'an unused package',
      (p) => dependenciesFit(locked)(p),
      () => adjust(({ dependencies }) => Object.assign(dependencies ?? {}, { express: '1' })),
      /express is declared, not used/,
    ],
    [
      'a package on the wrong list',
      (p) => dependenciesFit(locked)(p),
      () =>
        adjust(({ dependencies = {}, devDependencies = {} }) => {
          devDependencies.pino = String(dependencies.pino);
          delete dependencies.pino;
        }),
      /pino is a development dependency/,
    ],
    [
      'an undocumented variable',
      variablesAreDocumented,
      () => add('src/x.ts', 'export const xSettings = {\n  NEW_ONE: text(),\n};'),
      /NEW_ONE is not in \.env\.example/,
    ],
    [
      'a documented variable that is gone',
      variablesAreDocumented,
      () => change('.env.example', (text) => `${text}\n# OLD_ONE=1\n`),
      /OLD_ONE, which nothing reads/,
    ],
    [
      'a row of the README for nothing',
      variablesAreDocumented,
      () => change('README.md', (text) => `${text}\n| \`PORT\`, \`OLD_ONE\` | 1 | old |\n`),
      /lists OLD_ONE/,
    ],
    ['a leftover', nothingIsLeftOver, () => add('src/store.ts', '// Redis'), /"Redis" without --store redis/],
    ['a template', everythingIsRendered, () => add('x.md', 'is {{pm.run}}'), /x\.md/],
    ['broken JSON', everythingParses, () => add('x.json', '{'), /x\.json/],
    ['broken YAML', everythingParses, () => add('x.yaml', 'a: [b'), /x\.yaml/],
    ['broken TOML', everythingParses, () => add('x.toml', 'a = '), /x\.toml/],
    [
      'a file that is only named',
      namedFilesExist,
      () => change('README.md', (text) => `${text}\n\`src/gone.ts\`\n`),
      /src\/gone\.ts/,
    ],
    [
      'an image that may change',
      imagesArePinned,
      () => change('Dockerfile', (text) => text.replace(/^FROM (\S+)@\S+$/m, 'FROM $1')),
      /Dockerfile names node:\S+ without a digest/,
    ],
    [
      'settings of the audit that do not exist',
      auditSettingsFit,
      () => change('mcp-prod.config.json', (text) => text.replace('"endpoint"', '"endpiont"')),
      /additional properties/,
    ],
    [
      'a variable that the audit would set in vain',
      auditSettingsFit,
      () => change('mcp-prod.config.json', (text) => text.replace('ALERT_WEBHOOK_URL', 'ALERT_URL')),
      /sets ALERT_URL/,
    ],
    [
      'a needed variable that the audit does not know',
      auditSettingsFit,
      () => change('mcp-prod.config.json', (text) => text.replace('"OPENWEATHER_API_KEY", ', '')),
      /does not say that OPENWEATHER_API_KEY is needed/,
    ],
  ])('%s', (_what, check, mutant, problem) => {
    expect(check(mutant()).join('\n')).toMatch(problem);
    expect(check(plan).join('\n')).not.toMatch(problem);
  });

  test('the variables in the source', () => {
    expect([...variablesRead(plan)]).toEqual(
      expect.arrayContaining(['PORT', 'LOG_LEVEL', 'MCP_API_KEY', 'OPENWEATHER_API_KEY', 'RATE_LIMIT']),
    );
  });
});
