import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, it } from 'vitest';
import { bundle, root } from '../../scripts/bundle.ts';
import type { Report } from '../../src/report/schema.ts';
import { bin } from '../support/cli.ts';
import { type Language, languages } from './ready.ts';
import { temporaryDirectory } from './support.ts';

/** `npm test` builds it; this suite may be run alone. */
if (!existsSync(join(root, 'dist', 'main.js'))) await bundle(join(root, 'dist'));

/** The project of a ready server in each language: its own files, and the server of this suite as its program. */
const projects: Record<Language, { start: string; files: Record<string, string> }> = {
  Node: {
    start: 'node server.mjs',
    files: {
      'server.mjs': `// An MCP server.\nawait import(${JSON.stringify(join(languages.Node.directory, 'server.mjs'))});\n`,
      'package.json': '{ "private": true, "dependencies": { "@modelcontextprotocol/server": "2.0.0" } }',
      'package-lock.json': '{}',
      Dockerfile: `FROM node:24.11.1-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --omit=dev
FROM node:24.11.1-slim
COPY --from=build /app/node_modules /app/node_modules
COPY server.mjs /app/
USER node
HEALTHCHECK CMD ["curl", "-f", "http://127.0.0.1:3000/health"]
CMD ["node", "/app/server.mjs"]
`,
    },
  },
  Python: {
    start: '/usr/bin/python3 server.py',
    files: {
      'server.py': `# An MCP server.
import os
import sys

directory = ${JSON.stringify(languages.Python.directory)}
os.execv(sys.executable, [sys.executable, os.path.join(directory, "server.py")])
`,
      'pyproject.toml': '[project]\nname = "calculator"\nversion = "1.0.0"\ndependencies = ["mcp==1.20.0"]\n',
      'uv.lock': '',
      Dockerfile: `FROM python:3.13.1-slim AS build
WORKDIR /app
COPY pyproject.toml uv.lock ./
RUN uv sync --frozen --no-dev
FROM python:3.13.1-slim
COPY --from=build /app/.venv /app/.venv
COPY server.py /app/
USER nobody
HEALTHCHECK CMD ["curl", "-f", "http://127.0.0.1:3000/health"]
CMD ["python", "/app/server.py"]
`,
    },
  },
};

const attest = {
  'log-aggregation/collector-declared': 'Datadog agent on every node',
  'error-alerting/rule-declared': 'alerts in Datadog',
  'restart-policy/declared': 'the supervisor of the platform',
  'resource-limits/memory-limit': 'quotas of the platform',
  'resource-limits/cpu-limit': 'quotas of the platform',
};

/** Audits the whole project of a server whose configuration says that it calls no upstream. */
async function audit(language: Language, env: Record<string, string>): Promise<Report> {
  const project = temporaryDirectory();
  const { start, files } = projects[language];
  const config = {
    start,
    endpoint: '/mcp',
    health: '/health',
    env,
    secrets: ['WEATHER_API_KEY', 'MCP_API_KEY'],
    credential: 'MCP_API_KEY',
    tool: { name: 'get_weather', arguments: { city: 'London' } },
    limits: {
      env: { RATE_LIMIT: '20', RATE_WINDOW: '5', MCP_API_KEY: '${MCP_API_KEY},${SECOND_CLIENT}' },
    },
    upstream: false,
    attest,
    patienceMs: 4_000,
  };
  const all = { ...files, '.gitignore': '.env\n', 'mcp-prod.config.json': JSON.stringify(config) };
  for (const [name, text] of Object.entries(all)) writeFileSync(join(project, name), text);
  const args = ['audit', project, '--lab', '--profile', 'extended', '--format', 'json'];
  // These servers speak the 2025 revisions only.
  const skip = ['--skip', 'protocol-revisions'];
  const { stdout } = await execa(process.execPath, [bin, ...args, ...skip], { reject: false });
  return JSON.parse(stdout);
}

const withVerdict = ({ rows }: Report, ...verdicts: string[]) =>
  rows.filter(({ verdict }) => verdicts.includes(verdict)).map(({ id }) => id);

it.each(Object.keys(languages) as Language[])(
  'a server without an upstream reaches 100, and one that has an upstream and denies it fails: %s',
  async (language) => {
    const good = await audit(language, { ANSWERS: 'local' });
    expect(withVerdict(good, 'fail', 'unknown', 'partial')).toEqual([]);
    expect(good).toMatchObject({ score: 100, coverage: 100, ready: true });
    expect(withVerdict(good, 'not-applicable')).toEqual(['response-caching', 'upstream-timeouts']);
    expect(good.attestations.map(({ proof }) => proof)).toEqual(Object.keys(attest).map(() => 'attested'));

    const lying = await audit(language, { ANSWERS: 'fallback' });
    expect(withVerdict(lying, 'fail')).toEqual(['response-caching', 'upstream-timeouts']);
    for (const id of ['response-caching', 'upstream-timeouts']) {
      expect(lying.rows.find((row) => row.id === id)).toMatchObject({
        proof: 'proven',
        contradictions: [
          'The configuration says that the server calls no upstream, but in the lab it sent GET api.weather.test/v1/current.',
        ],
      });
    }
  },
);
