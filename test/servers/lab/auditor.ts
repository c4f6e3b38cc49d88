// An auditor that launches what its argument says and tells where it is, until somebody kills it.
import { createCanaries } from '../../../src/lab/canaries.ts';
import { serverEnvironment } from '../../../src/lab/launcher/environment.ts';
import { createInspector } from '../../../src/lab/launcher/inspection/inspector.ts';
import { launch } from '../../../src/lab/launcher/launch.ts';
import { freePort } from '../../../src/lab/launcher/ports.ts';
import { startWatchdog } from '../../../src/lab/launcher/watchdog.ts';

const tell = (moment: string) => process.stdout.write(`${moment}\n`);
const [command = ''] = process.argv.slice(2);

tell('begun');
const watchdog = await startWatchdog();
tell('guarded');
const port = await freePort();
const launching = launch({
  command,
  directory: new URL('./shapes/', import.meta.url).pathname,
  environment: serverEnvironment(process.env, { BEHAVIOUR: 'children' }),
  port,
  portEnv: 'PORT',
  startTimeoutMs: 20_000,
  canaries: createCanaries([]),
  inspector: createInspector(),
  watchdog,
  signal: new AbortController().signal,
});
tell(`launching ${port}`);
const server = await launching;
tell('listening');
setTimeout(() => tell('stopping'), 300);
setTimeout(() => server.stop(), 300);
setInterval(() => {}, 1_000);
