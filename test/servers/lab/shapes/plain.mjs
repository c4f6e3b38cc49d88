// Listens where PORT says, and does what BEHAVIOUR says.
import { spawn } from 'node:child_process';
import { createServer } from 'node:http';

const behaviour = process.env.BEHAVIOUR ?? '';
const port = behaviour === 'own-port' ? 0 : Number(process.env.PORT);

if (behaviour === 'fails') {
  process.stderr.write(`Cannot start: API_KEY=${process.env.API_KEY} is no key\n`);
  process.exit(3);
}
if (behaviour === 'deaf') setInterval(() => {}, 1_000);
else {
  const server = createServer((_request, response) => response.end(JSON.stringify(process.env)));
  server.listen(port, process.env.BIND ?? '127.0.0.1', () =>
    process.stdout.write('{"message":"listening"}\n'),
  );
}
if (behaviour === 'children') {
  const sleeper = 'setInterval(() => {}, 1000)';
  // One in its session, one that left it, and one that left it and forgot everything.
  spawn(process.execPath, ['-e', sleeper], { stdio: 'inherit' });
  spawn(process.execPath, ['-e', sleeper], { detached: true, stdio: 'ignore' }).unref();
  spawn(process.execPath, ['-e', sleeper], { detached: true, stdio: 'ignore', env: {} }).unref();
}
if (behaviour === 'loud') {
  process.stdout.write('x'.repeat(100_000));
  for (let line = 0; line < 5_000; line += 1) process.stdout.write(`\nline ${line}`);
}
process.on('SIGTERM', () => {
  if (behaviour === 'loud') process.stderr.write('\nlast words without an end');
  process.exit(0);
});
