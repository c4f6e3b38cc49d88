// An auditor that launches what its argument says and tells where it is, until somebody kills it.

import type { LabPlan } from '../../../src/lab/plan.ts';
import { startInstance } from '../../../src/lab/world/instance.ts';
import { freePort } from '../../../src/lab/world/launcher/ports.ts';
import { openWorld } from '../../../src/lab/world/world.ts';

const tell = (moment: string) => process.stdout.write(`${moment}\n`);
const [command = ''] = process.argv.slice(2);

tell('begun');
const plan: LabPlan = {
  transport: 'http',
  directory: new URL('./shapes/', import.meta.url).pathname,
  command,
  portEnv: 'PORT',
  env: { BEHAVIOUR: 'children' },
  secrets: ['API_KEY'],
  services: [],
  upstream: {},
  startTimeoutMs: 20_000,
  patienceMs: 10_000,
  clientVersion: '1.0.0',
};
const world = await openWorld(plan, {
  signal: new AbortController().signal,
  collectWire: () => Promise.reject(new Error('Nothing is audited over the wire here.')),
});
tell('guarded');
const port = await freePort();
const starting = startInstance(world, { port });
tell(`launching ${port}`);
const instance = await starting;
tell('listening');
setTimeout(() => tell('stopping'), 300);
setTimeout(() => instance.stop(), 300);
setInterval(() => {}, 1_000);
