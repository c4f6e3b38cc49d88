import { copyFile, mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { parse } from 'yaml';

const manifest = fileURLToPath(new URL('suite/', import.meta.url));
const cache = fileURLToPath(new URL('../../node_modules/.cache/conformance/', import.meta.url));
const nodeVersion = '24.21.0';
const quiet = ['--no-audit', '--no-fund', '--loglevel=error'];

export interface Suite {
  /** The scenarios that a revision requires of servers. */
  required: (revision: string) => Promise<string[]>;
  /** Runs what a revision requires, and a little more that it does not score. */
  run: (revision: string, url: string, timeoutMs: number) => Promise<Map<string, Verdict>>;
}

export interface Verdict {
  passed: number;
  /** What is wrong, one sentence for every failed check. */
  failures: string[];
}

interface Check {
  id: string;
  status: 'SUCCESS' | 'FAILURE' | 'WARNING' | 'SKIPPED' | 'INFO';
  errorMessage?: string;
}

/**
 * The official suite, installed into a cache: nothing but its test needs it. It runs on Node 22 or later; on
 * Node 20 the npm package `node` brings one.
 */
export async function installSuite(): Promise<Suite> {
  await mkdir(cache, { recursive: true });
  for (const file of ['package.json', 'package-lock.json']) {
    await copyFile(join(manifest, file), join(cache, file));
  }
  // Takes a second when everything is there already, unlike `npm ci`.
  await execa('npm', ['install', ...quiet], { cwd: cache });
  const node = await newerNode();
  const home = join(cache, 'node_modules/@modelcontextprotocol/conformance');

  return {
    required: async (revision) => {
      const requirements = parse(await readFile(join(home, `requirements/${revision}.yaml`), 'utf8'));
      return requirements.server;
    },
    run: async (revision, url, timeoutMs) => {
      const output = await mkdtemp(join(tmpdir(), 'mcp-prod-conformance-'));
      try {
        const words = ['server', '--url', url, '--requirements', revision, '-o', output];
        // Its exit code says whether everything passed, which is for the test to judge.
        await execa(node, [join(home, 'dist/index.js'), ...words, '--timeout', String(timeoutMs)], {
          reject: false,
        });
        return await verdicts(output);
      } finally {
        await rm(output, { recursive: true, force: true });
      }
    },
  };
}

async function newerNode(): Promise<string> {
  if (Number(process.versions.node.split('.')[0]) >= 22) return process.execPath;
  const folder = join(cache, 'node');
  await mkdir(folder, { recursive: true });
  await execa('npm', ['install', '--prefix', folder, '--no-save', ...quiet, `node@${nodeVersion}`]);
  return join(folder, 'node_modules/node/bin/node');
}

/** Reads `server-<scenario>-<time>/checks.json`. */
async function verdicts(output: string): Promise<Map<string, Verdict>> {
  const found = new Map<string, Verdict>();
  for (const folder of await readdir(output)) {
    const scenario = /^server-(.+)-\d{4}-\d\d-\d\dT[\d-]+Z$/.exec(folder)?.[1];
    if (scenario === undefined) throw new Error(`The suite wrote ${folder}, whose name is unknown here.`);
    const checks: Check[] = JSON.parse(await readFile(join(output, folder, 'checks.json'), 'utf8'));
    found.set(scenario, {
      passed: checks.filter(({ status }) => status === 'SUCCESS').length,
      failures: checks
        .filter(({ status }) => status === 'FAILURE')
        .map(({ id, errorMessage }) => `${id}: ${errorMessage ?? 'failed'}`),
    });
  }
  return found;
}
