// An auditor that launches what its argument says and tells where it is, until somebody kills it.
import { startInstance } from '../../../src/lab/world/instance.ts';
import { freePort } from '../../../src/lab/world/launcher/ports.ts';
import { openSite } from '../../../src/lab/world/site.ts';
import { makeKeys, openRun } from '../../../src/lab/world/world.ts';

const tell = (moment: string) => process.stdout.write(`${moment}\n`);
const [command = ''] = process.argv.slice(2);

tell('begun');
const site = await openSite({
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
  signal: new AbortController().signal,
});
const run = await openRun(site, await makeKeys({}));
tell('guarded');
const port = await freePort();
const starting = startInstance(run, { port });
tell(`launching ${port}`);
const instance = await starting;
tell('listening');
setTimeout(() => tell('stopping'), 300);
setTimeout(() => instance.stop(), 300);
setInterval(() => {}, 1_000);
