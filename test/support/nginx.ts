import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort, startProgram } from './programs.ts';

export interface Nginx {
  /** `http://127.0.0.1:<port>` */
  origin: string;
  close: () => Promise<void>;
}

const tls = fileURLToPath(new URL('../fixtures/tls/', import.meta.url));

/**
 * A real nginx with the configuration that the generated project comes with, before instances on the given ports. It listens
 * without TLS, so that clients do not have to trust a certificate of the tests.
 */
export async function startNginx(project: string, instances: readonly number[]): Promise<Nginx> {
  const folder = await mkdtemp(join(tmpdir(), 'mcp-prod-nginx-'));
  // Started as root, its workers are another user, who has to get here.
  await chmod(folder, 0o755);
  const port = await freePort();
  let text = await readFile(join(project, 'deploy/nginx/nginx.conf'), 'utf8');
  const upstream = /server 127\.0\.0\.1:3000 (.*;)/.exec(text)?.[1];
  const replacements = [
    [/worker_processes auto;/, 'worker_processes 1;'],
    [/listen 80;/, `listen 127.0.0.1:${await freePort()};`],
    [/listen 443 ssl;/, `listen 127.0.0.1:${port};`],
    [/\/etc\/nginx\/tls\/[\w-]+\.crt/, `${tls}self-signed.cert.pem`],
    [/\/etc\/nginx\/tls\/[\w-]+\.key/, `${tls}self-signed.key.pem`],
    [
      /server 127\.0\.0\.1:3000 .*;/,
      instances.map((each) => `server 127.0.0.1:${each} ${upstream}`).join('\n'),
    ],
  ] as const;
  for (const [from, to] of replacements) {
    if (!from.test(text)) throw new Error(`nginx.conf has no ${from}`);
    text = text.replace(from, to);
  }
  const places = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (kind) => `${kind}_temp_path ${folder}/${kind};`,
  );
  const file = join(folder, 'nginx.conf');
  await writeFile(file, text.replace('http {', `http {\n${places.join('\n')}\n`));
  const main = `pid ${folder}/pid; error_log stderr notice; daemon off;`;
  const { child, exited } = await startProgram(
    'nginx',
    ['-p', folder, '-c', file, '-e', 'stderr', '-g', main],
    {
      ready: /start worker process \d+/,
      debian: 'nginx',
    },
  );
  return {
    origin: `http://127.0.0.1:${port}`,
    close: async () => {
      child.kill('SIGTERM');
      await exited;
      await rm(folder, { recursive: true, force: true });
    },
  };
}
