import { readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { parse as parseToml } from 'smol-toml';
import { parseAllDocuments } from 'yaml';
import type { Lockfile } from '../../src/scaffold/lockfile.ts';
import type { Plan, PlannedFile } from '../../src/scaffold/plan.ts';

/** A check of a planned project. Returns one line for each problem. */
export type Check = (plan: Plan) => string[];

const isSource = ({ path }: PlannedFile) => path.endsWith('.ts');

/** Every module that a file names: in static, dynamic and type imports, and in mocks. */
function modulesIn({ contents }: PlannedFile): string[] {
  const found = contents.matchAll(
    /(?:\bfrom|^import|\bimport\(|\bvi\.(?:do)?[mM]ock\(|\bnew URL\(|\bimport\.meta\.resolve\()\s*'([^'\n]+)'/gm,
  );
  return [...found].flatMap(([, name]) => name ?? []);
}

export const importsResolve: Check = ({ files }) => {
  const paths = new Set(files.map(({ path }) => path));
  return files.filter(isSource).flatMap((file) =>
    modulesIn(file)
      .filter((name) => name.startsWith('.') && /\.\w+$/.test(name) && !name.endsWith('/.env'))
      .map((name) => posix.join(posix.dirname(file.path), name))
      // Compiled files exist after a build.
      .filter((path) => !paths.has(path) && !path.startsWith('dist/'))
      .map((path) => `${file.path} imports ${path}, which is not generated`),
  );
};

/** The packages that scripts use, rather than imports. */
const commands: Readonly<Record<string, string>> = {
  '@biomejs/biome': 'biome',
  typescript: 'tsc',
  vitest: 'vitest',
};

/** The packages that `locked`, a lockfile for everything, says are needed beside a package. */
export function dependenciesFit(locked: Lockfile): Check {
  return (plan) => {
    const { dependencies = {}, devDependencies = {}, scripts = {} } = manifestOf(plan);
    const declared = new Set([...Object.keys(dependencies), ...Object.keys(devDependencies)]);
    const packagesOf = (files: readonly PlannedFile[]) =>
      new Set(files.flatMap(modulesIn).filter(isPackage).map(packageName));
    const served = packagesOf(plan.files.filter((file) => isSource(file) && file.path.startsWith('src/')));
    const used = packagesOf(plan.files.filter((file) => /\.(ts|mjs|js)$/.test(file.path)));
    const peers = [...declared].flatMap((name) =>
      Object.keys(locked.packages[`node_modules/${name}`]?.peerDependencies ?? {}),
    );
    const ran = Object.values(scripts).flatMap((script) => script.split(/\W+/));
    const isNeeded = (name: string) =>
      used.has(name) ||
      peers.includes(name) ||
      name.startsWith('@types/') ||
      ran.includes(commands[name] ?? name);
    return [
      ...[...used].filter((name) => !declared.has(name)).map((name) => `${name} is imported, not declared`),
      ...[...served]
        .filter((name) => declared.has(name) && !(name in dependencies))
        .map((name) => `${name} is a development dependency that src imports`),
      ...[...declared].filter((name) => !isNeeded(name)).map((name) => `${name} is declared, not used`),
      ...Object.keys(dependencies)
        .filter((name) => used.has(name) && !served.has(name) && !peers.includes(name))
        .map((name) => `${name} is a dependency that only tests import`),
    ];
  };
}

/** Not a file, a Node module or a URL. */
function isPackage(name: string): boolean {
  return /^(@[\w.-]+\/)?[\w.-]+(\/|$)/.test(name) && !name.startsWith('.');
}

function packageName(specifier: string): string {
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
}

interface PackageManifest {
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
  scripts?: Record<string, string>;
}

function manifestOf({ files }: Plan): PackageManifest {
  return JSON.parse(files.find(({ path }) => path === 'package.json')?.contents ?? '{}');
}

/** Variables that libraries or Node read. */
const readElsewhere = /^(OTEL_|HTTPS?_PROXY$|NO_PROXY$|NODE_)/;

/** The variables that the code reads: keys of the tables of settings, and members of an `env`. */
export function variablesRead({ files }: Plan): Set<string> {
  return new Set(
    files
      .filter((file) => isSource(file) && file.path.startsWith('src/'))
      .flatMap(({ contents }) => [
        ...(/ettings(: [^=\n]+)? = \{/.test(contents)
          ? [...contents.matchAll(/^ {2}([A-Z][A-Z0-9_]*):/gm)].map(([, name]) => name ?? '')
          : []),
        ...[...contents.matchAll(/\benv\.([A-Z][A-Z0-9_]+)/g)].map(([, name]) => name ?? ''),
      ])
      .filter((name) => !readElsewhere.test(name)),
  );
}

export const variablesAreDocumented: Check = (plan) => {
  const contentsOf = (wanted: string) => plan.files.find(({ path }) => path === wanted)?.contents ?? '';
  const read = variablesRead(plan);
  const example = new Set(
    [...contentsOf('.env.example').matchAll(/^(?:# ?)?([A-Z][A-Z0-9_]*)=/gm)].map(([, name]) => name ?? ''),
  );
  const readme = contentsOf('README.md');
  // The first cell of a row in a table of variables.
  const rows = [...readme.matchAll(/^\| *((?:`[A-Z][A-Z0-9_]*`(?:, )?)+) *\|/gm)];
  const listed = new Set(rows.flatMap(([, cell]) => cell?.match(/[A-Z][A-Z0-9_]*/g) ?? []));
  const named = new Set([...readme.matchAll(/`([A-Z][A-Z0-9_]*)`/g)].map(([, name]) => name ?? ''));
  const unknown = (name: string) => !read.has(name) && !readElsewhere.test(name);
  return [
    ...[...read].filter((name) => !example.has(name)).map((name) => `${name} is not in .env.example`),
    ...[...read].filter((name) => !named.has(name)).map((name) => `${name} is not in README.md`),
    ...[...example].filter(unknown).map((name) => `.env.example has ${name}, which nothing reads`),
    ...[...listed].filter(unknown).map((name) => `README.md lists ${name}, which nothing reads`),
  ];
};

/** Words that reveal a choice, by option and value. */
const traces: Readonly<Record<string, Readonly<Record<string, RegExp>>>> = {
  auth: {
    'api-key': /MCP_API_KEY|\bapi-keys?\.ts/,
    oauth: /\boauth\b|OAUTH_|\bjose\b/i,
  },
  store: { redis: /redis/i },
  provider: { openweathermap: /openweather/i, 'open-meteo': /open-?meteo|GEOCODING_/i },
  // The name of its route alone is also what metrics leave out.
  sse: { on: /server-legacy|\/sse\b(?!')|\/messages\b|2024-11-05/ },
  observability: {
    // The path alone is closed to the outside whether something answers there or not.
    basic:
      /prom-client|prometheus|opentelemetry|OTEL_|METRICS_(?:TOKEN|PORT)|ALERT_WEBHOOK_URL|alertmanager|^\| *`\/metrics`/im,
    full: /grafana|\bloki\b|\balloy\b/i,
  },
  deploy: {
    docker: /docker(?!\.(?:io|com))/i,
    compose: /docker[ -]compose|\bcompose\.yaml/i,
    kubernetes: /kubernetes|kubectl/i,
    fly: /\bfly(?:ctl|\.io|\.toml)\b/i,
    render: /render\.(?:yaml|com)|onrender/i,
    systemd: /systemd|systemctl/i,
  },
  ci: { github: /\.github\/|GitHub Actions/i, gitlab: /gitlab/i },
  'package-manager': {
    // It installs other package managers, and pipelines run tools with npx, which comes with Node.
    npm: /\bnpm (?:ci|install(?! --global)|run|test|start|prune)\b|\bnpx (?!--yes)|package-lock/,
    pnpm: /\bpnpm\b/,
    yarn: /\byarn\b/,
    bun: /\bbunx?\b/,
  },
};

/** `full` includes `basic`. */
const includedIn: Readonly<Record<string, readonly string[]>> = { basic: ['full'] };

export const nothingIsLeftOver: Check = ({ files, selections, pm }) => {
  const problems: string[] = [];
  const readable = files.filter(({ path }) => path !== pm.lockfile);
  for (const [option, values] of Object.entries(traces)) {
    const chosen = selections[option] ?? [];
    for (const [value, trace] of Object.entries(values)) {
      if ([value, ...(includedIn[value] ?? [])].some((wanted) => chosen.includes(wanted))) continue;
      for (const { path, contents } of readable) {
        const found = trace.exec(contents) ?? trace.exec(path);
        if (found) problems.push(`${path} has "${found[0]}" without --${option} ${value}`);
      }
    }
  }
  return problems;
};

/** Template syntax, and values that were undefined. Pipelines and dashboards use braces too. */
export const everythingIsRendered: Check = ({ files }) =>
  files
    .filter(
      ({ path, contents }) =>
        /\{\{/.test(path) ||
        /(?<!\$)\{\{(?:json )?(?:name|slug|pm|images?|mcpApiKey|toolVersion)\b/.test(contents) ||
        /\[object Object\]/.test(contents),
    )
    .map(({ path }) => `${path} is not fully rendered`);

export const everythingParses: Check = ({ files }) =>
  files.flatMap(({ path, contents }) => {
    try {
      if (path.endsWith('.json')) JSON.parse(contents);
      if (path.endsWith('.toml')) parseToml(contents);
      if (/\.ya?ml$/.test(path)) {
        const [problem] = parseAllDocuments(contents).flatMap((document) =>
          'errors' in document ? [...document.errors, ...document.warnings] : [],
        );
        if (problem) throw problem;
      }
      return [];
    } catch (error) {
      return [`${path} does not parse: ${error instanceof Error ? error.message : error}`];
    }
  });

/** Files that documentation and scripts name must exist. */
export const namedFilesExist: Check = ({ files, pm }) => {
  const paths = files.map(({ path }) => path);
  const exists = (name: string) =>
    paths.some((path) => path === name || path.startsWith(name.endsWith('/') ? name : `${name}/`)) ||
    name === pm.lockfile;
  const readme = files.find(({ path }) => path === 'README.md')?.contents ?? '';
  const named = [...readme.matchAll(/`((?:\.github|src|test|deploy)\/[\w./-]*)`/g)];
  return named
    .map(([, name]) => name ?? '')
    .filter((name) => !exists(name))
    .map((name) => `README.md names ${name}, which is not generated`);
};

const schema = new URL('../../schema/config.schema.json', import.meta.url);
const ajv = new Ajv2020({ allErrors: true });
(addFormats as unknown as (ajv: Ajv2020) => void)(ajv);
const fits = ajv.compile(JSON.parse(readFileSync(schema, 'utf8')));

/** Where files name a third-party image. Kubernetes names the project's own. */
const imageNames = [
  /^# syntax=(\S+)/gm,
  /^FROM (\S+)/gm,
  /^ *image: (\S+)/gm,
  // Services of a pipeline.
  /^ *- name: ([\w./-]+:\S+)$/gm,
];

/** A tag can be moved to another image; a digest cannot. */
export const imagesArePinned: Check = ({ files }) =>
  files
    .filter(({ path }) => path === 'Dockerfile' || (/\.ya?ml$/.test(path) && !path.includes('kubernetes')))
    .flatMap(({ path, contents }) =>
      imageNames
        .flatMap((names) => [...contents.matchAll(names)].map(([, name = '']) => name))
        .filter((name) => !/:[\w.-]+@sha256:[0-9a-f]{64}$/.test(name))
        .map((name) => `${path} names ${name} without a digest`),
    );

/** The audit's configuration must match the project. */
export const auditSettingsFit: Check = (plan) => {
  const contents = plan.files.find(({ path }) => path === 'mcp-prod.config.json')?.contents;
  if (contents === undefined) return ['mcp-prod.config.json is missing'];
  const config = JSON.parse(contents);
  const valid: boolean = fits(config);
  if (!valid) {
    return (fits.errors ?? []).map(
      ({ instancePath, message }) => `mcp-prod.config.json ${instancePath} ${message}`,
    );
  }
  const read = variablesRead(plan);
  const paths = new Set(plan.files.map(({ path }) => path));
  const answers = Object.values(config.upstream ?? {}).flatMap((host) => Object.values(host as object));
  const needed: string[] = [...config.secrets, ...config.required];
  const services: { env?: object }[] = config.services ?? [];
  const variables = [
    ...needed,
    ...[config.env, config.limits?.env, ...services.map(({ env }) => env)].flatMap((env) =>
      Object.keys(env ?? {}),
    ),
    config.alert?.env,
  ];
  // Variables that the user must fill in are those without which the start must fail.
  const toFillIn = plan.files.find(({ path }) => path === '.env')?.contents.match(/^[A-Z_]+(?==)/gm) ?? [];
  return [
    ...answers.filter((path) => !paths.has(path)).map((path) => `mcp-prod.config.json names ${path}`),
    ...variables
      .filter((name) => name !== undefined && !read.has(name))
      .map((name) => `mcp-prod.config.json sets ${name}, which nothing reads`),
    ...toFillIn
      .filter((name) => !needed.includes(name))
      .map((name) => `mcp-prod.config.json does not say that ${name} is needed`),
    ...(config.credential === undefined || config.secrets?.includes(config.credential)
      ? []
      : ['mcp-prod.config.json has a credential that is no secret']),
  ];
};
