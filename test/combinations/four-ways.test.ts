import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { collectProject } from '../../src/collect/project/collect.ts';
import type { Evidence } from '../../src/evidence/evidence.ts';
import { savedEvidenceSchema } from '../../src/evidence/saved.ts';
import type { Report } from '../../src/report/schema.ts';
import { assess } from '../../src/score/score.ts';
import { generate } from '../deploy/support.ts';
import { type OpenWeatherMap, startOpenWeatherMap } from '../servers/openweathermap.ts';
import { runCli } from '../support/cli.ts';
import { sharedProject, startGenerated } from '../support/generated-server.ts';

const ways = ['url', 'files', 'both', 'lab'] as const;
type Way = (typeof ways)[number];

const reports = {} as Record<Way, Report>;
let evidence: Evidence;

async function audit(...words: string[]): Promise<Report> {
  const { stdout, stderr, exitCode } = await runCli([
    'audit',
    ...words,
    ...['--profile', 'extended', '--format', 'json', '--budget', '600000'],
  ]);
  expect(exitCode, stderr).toBe(0);
  return JSON.parse(stdout);
}

beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'mcp-prod-ways-'));
  let upstream: OpenWeatherMap | undefined;
  try {
    const saved = join(folder, 'evidence.json');
    const project = await sharedProject();
    upstream = await startOpenWeatherMap();
    const { url } = upstream;
    // Each on a server of its own: the burst of the first would limit the second.
    const auditRunning = async (...words: string[]) => {
      const server = await startGenerated(project, { WEATHER_BASE_URL: url });
      try {
        return await audit(server.url, '--token', server.token, ...words);
      } finally {
        await server.stop();
      }
    };
    reports.url = await auditRunning();
    reports.both = await auditRunning('--project', project);
    reports.files = await audit(project);
    reports.lab = await audit(project, '--lab', '--save-evidence', saved);
    ({ evidence } = savedEvidenceSchema.parse(JSON.parse(await readFile(saved, 'utf8'))));
  } finally {
    await upstream?.close();
    await rm(folder, { recursive: true, force: true });
  }
}, 600_000);

describe('one generated project, audited by URL, by files, by both, and in the lab', () => {
  test('earns more points with more evidence, and all of them in the lab', () => {
    const earned = (way: Way) => reports[way].points.earned;
    expect(earned('url')).toBeGreaterThan(0);
    expect(earned('files')).toBeGreaterThan(0);
    expect(earned('both')).toBeGreaterThan(earned('url'));
    expect(earned('both')).toBeGreaterThan(earned('files'));
    expect(earned('lab')).toBeGreaterThan(earned('both'));
    for (const way of ways) expect([way, reports[way].points.lost]).toEqual([way, 0]);
    const open = reports.lab.rows.flatMap(({ id, criteria }) =>
      criteria
        .filter(({ verdict }) => verdict === 'inconclusive')
        .map(({ id: criterion, reason }) => `${id}/${criterion}: ${reason}`),
    );
    expect(open).toEqual([]);
    expect(reports.lab).toMatchObject({ score: 100, coverage: 100, ready: true });
  });

  test('gets no verdict one way that another way contradicts', () => {
    const verdicts = new Map<string, Set<string>>();
    for (const way of ways) {
      for (const row of reports[way].rows) {
        expect([way, row.id, row.contradictions]).toEqual([way, row.id, []]);
        for (const { id, verdict } of row.criteria) {
          const key = `${row.id}/${id}`;
          verdicts.set(key, (verdicts.get(key) ?? new Set()).add(verdict));
        }
      }
    }
    expect(verdicts.size).toBeGreaterThan(50);
    const contradicted = [...verdicts].filter(([, all]) => all.has('pass') && all.has('fail'));
    expect(contradicted.map(([key]) => key)).toEqual([]);
  });
});

/** The lab’s evidence with the files of another project. What its manifests poll, this server serves as well. */
async function withFilesOf(project: string): Promise<Evidence> {
  const files = await collectProject({
    root: project,
    directory: project,
    signal: AbortSignal.timeout(60_000),
  });
  const { attest } = JSON.parse(await readFile(join(project, 'mcp-prod.config.json'), 'utf8'));
  const { attested: _, wire, ...rest } = evidence;
  const health = wire?.health.paths[0]?.exchange;
  if (wire === undefined || health === undefined) throw new Error('The lab requested no health path.');
  const polled = ['/livez', '/readyz'].map((path) => ({ path, exchange: health }));
  return {
    ...rest,
    ...(attest && { attested: attest }),
    project: files.evidence,
    wire: { ...wire, health: { ...wire.health, polled: [...wire.health.polled, ...polled] } },
  };
}

test.each([
  { deploy: 'none' },
  { deploy: 'docker' },
  { deploy: 'systemd' },
  { deploy: 'fly' },
  { deploy: 'render' },
  { deploy: 'kubernetes' },
  { deploy: 'kubernetes', observability: 'full' },
  { observability: 'full' },
  { observability: 'none' },
])('the pipeline for %j requires the score that the project reaches', async (choices) => {
  const project = await generate(choices);
  const workflow = await readFile(join(project, '.github/workflows/ci.yml'), 'utf8');
  const required = Number(/--min-score (\d+)/.exec(workflow)?.[1]);
  const { score } = assess('extended', await withFilesOf(project));
  expect(score).toBeGreaterThanOrEqual(required);
  expect(score).toBeLessThanOrEqual(required + 3);
});
