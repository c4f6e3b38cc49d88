import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, startProgram } from './programs.ts';

export interface Nginx {
  /** `http://127.0.0.1:<port>` */
  origin: string;
  close: () => Promise<void>;
}

/**
 * A real nginx on a free port that hands requests to the given ones in turn, each over a connection of its own: no two
 * requests of a client need to reach the same instance.
 */
export async function startNginx(ports: readonly number[]): Promise<Nginx> {
  const folder = await mkdtemp(join(tmpdir(), 'mcp-prod-nginx-'));
  // Started as root, its workers are another user, who has to get here.
  await chmod(folder, 0o755);
  const port = await freePort();
  const file = join(folder, 'nginx.conf');
  await writeFile(file, configuration(folder, port, ports));
  const words = ['-p', folder, '-c', file, '-e', 'stderr', '-g', 'daemon off;'];
  const { child, exited } = await startProgram('nginx', words, {
    ready: /start worker process \d+/,
    debian: 'nginx',
  });
  return {
    origin: `http://127.0.0.1:${port}`,
    close: async () => {
      child.kill('SIGTERM');
      await exited;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function configuration(folder: string, port: number, ports: readonly number[]): string {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (kind) => `${kind}_temp_path ${folder}/${kind};`,
  );
  return `
worker_processes 1;
pid ${folder}/nginx.pid;
error_log stderr notice;
events { worker_connections 1024; }
http {
  access_log off;
  ${temporary.join('\n  ')}
  upstream weather {
    ${ports.map((each) => `server 127.0.0.1:${each} max_fails=1 fail_timeout=1s;`).join('\n    ')}
  }
  server {
    listen 127.0.0.1:${port};
    location / {
      proxy_pass http://weather;
      proxy_http_version 1.1;
      proxy_set_header Host $host;
      proxy_buffering off;
      # An instance that shuts down refuses before it has begun: another one may be asked, although it is a POST.
      proxy_next_upstream error timeout http_503 non_idempotent;
    }
  }
}
`;
}
