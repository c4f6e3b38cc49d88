import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { execa } from 'execa';
import { expect, it } from 'vitest';
import { bundle, programs } from '../../scripts/bundle.ts';
import type { LabEvidence } from '../../src/evidence/lab.ts';
import type { LabPlan } from '../../src/lab/run.ts';
import { servers, temporaryDirectory } from './support.ts';

it('runs as it is built: the program that cleans up and the preloads are where it looks for them', async () => {
  const folder = temporaryDirectory();
  await bundle(folder, { ...programs, lab: 'src/lab/lab.ts' });
  const plan: Omit<LabPlan, 'signal'> = {
    directory: join(servers, 'weather'),
    command: 'node server.mjs',
    portEnv: 'PORT',
    env: { CLIENT: 'fetch' },
    secrets: ['WEATHER_API_KEY'],
    upstream: { 'api.weather.test': { 'GET /v1/current': 'current.json' } },
    startTimeoutMs: 20_000,
    clientVersion: '1.0.0',
  };
  const script = `
    import { runLab } from ${JSON.stringify(pathToFileURL(join(folder, 'lab.js')).href)};
    const signal = new AbortController().signal;
    process.stdout.write(JSON.stringify(await runLab({ ...${JSON.stringify(plan)}, signal })));`;
  const { stdout } = await execa(process.execPath, ['--input-type=module', '--eval', script]);
  const { experiments } = JSON.parse(stdout) as LabEvidence;
  expect(experiments.baseline).toMatchObject({
    ran: true,
    history: {
      calls: [
        { outcome: { kind: 'result', isError: false } },
        { outcome: { kind: 'result', isError: false } },
      ],
      interposition: { hellos: [{ runtime: 'node' }], redirected: [{ host: 'api.weather.test' }] },
    },
  });
});
