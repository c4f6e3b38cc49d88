import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { rootCertificates } from 'node:tls';
import { fileURLToPath } from 'node:url';
import type { InterpositionFacts } from '../../../evidence/lab/interposition.ts';
import { readFileBeginning } from '../../async/bounded-read.ts';
import type { Canaries } from '../canaries.ts';
import type { GatewayCredential } from '../gateway/credential.ts';
import { readEvents } from './events.ts';

/** Redirects the connections of one launch to its gateway, without a change to the server's code. */
export interface Interposition {
  environment: Record<string, string>;
  facts: () => Promise<InterpositionFacts>;
  /** Sets the clock of Node and Python processes this many milliseconds ahead. Timers are not affected. */
  moveClock: (aheadMs: number) => Promise<void>;
}

export interface InterpositionOptions {
  /** For the files of this launch. */
  directory: string;
  gatewayPort: number;
  credential: GatewayCredential;
  /** Redirected hosts: "host" or "host:port" to the gateway, "host=port" to that port of loopback. */
  hosts: readonly string[];
  /** Loopback ports of the lab's own services: connections to them do not bypass the gateway. */
  services: readonly number[];
  /** The lab's certificate authority, PEM. */
  certificate: string;
  canaries: Canaries;
  /** The experiment moves the clock of this launch. */
  movableClock: boolean;
}

/** The server can write this file. The preloads write less. */
const maxEventBytes = 1024 * 1024;
/** Milliseconds, several times the interval in which the preloads read the clock file. */
const clockSeenMs = 300;

const nodePreload = fileURLToPath(new URL('./node-preload.cjs', import.meta.url));
const nodeClock = fileURLToPath(new URL('./node-clock.cjs', import.meta.url));
const pythonPath = fileURLToPath(new URL('./python', import.meta.url));

/** The server must be able to read them. */
export const preloads = [nodePreload, `${pythonPath}/sitecustomize.py`] as const;

/** Where systems keep the authorities that they trust. */
const systemBundles = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/ssl/cert.pem',
];

export async function prepareInterposition(options: InterpositionOptions): Promise<Interposition> {
  const { directory, gatewayPort, credential, hosts, services, certificate, canaries, movableClock } =
    options;
  const events = join(directory, 'events');
  const authority = join(directory, 'authority.pem');
  const bundle = join(directory, 'bundle.pem');
  const clock = join(directory, 'clock');
  const trusted = await trustedBefore();
  await Promise.all([
    writeFile(events, ''),
    writeFile(clock, '0'),
    writeFile(authority, certificate),
    writeFile(bundle, `${trusted}\n${certificate}`),
  ]);
  const proxy = credential.proxyUrl(gatewayPort);
  const local = 'localhost,127.0.0.1,::1';
  return {
    environment: {
      NODE_OPTIONS: [nodePreload, ...(movableClock ? [nodeClock] : [])]
        .map((file) => `--require ${quoted(file)}`)
        .join(' '),
      ...(movableClock && { MCP_PROD_LAB_CLOCK: clock }),
      PYTHONPATH: pythonPath,
      MCP_PROD_LAB_EVENTS: events,
      MCP_PROD_LAB_GATEWAY: String(gatewayPort),
      MCP_PROD_LAB_MARK: credential.mark.toString('latin1'),
      MCP_PROD_LAB_HOSTS: hosts.join(','),
      HTTP_PROXY: proxy,
      HTTPS_PROXY: proxy,
      NO_PROXY: local,
      http_proxy: proxy,
      https_proxy: proxy,
      no_proxy: local,
      NODE_EXTRA_CA_CERTS: authority,
      SSL_CERT_FILE: bundle,
      REQUESTS_CA_BUNDLE: bundle,
      CURL_CA_BUNDLE: bundle,
    },
    facts: async () => {
      const facts = readEvents(await readFileBeginning(events, maxEventBytes), canaries);
      return { ...facts, direct: facts.direct.filter(({ port }) => !services.includes(port)) };
    },
    moveClock: async (aheadMs) => {
      if (!movableClock) throw new Error('The clock of this launch cannot be moved.');
      await writeFile(clock, String(Math.round(aheadMs)));
      await delay(clockSeenMs);
    },
  };
}

/** For a path with spaces (Node.js CLI, `NODE_OPTIONS`). */
function quoted(path: string): string {
  return `"${path.replace(/["\\]/g, '\\$&')}"`;
}

/** The authorities that the system trusts, for direct connections. */
async function trustedBefore(): Promise<string> {
  const file = systemBundles.find((candidate) => existsSync(candidate));
  return file === undefined ? rootCertificates.join('\n') : readFile(file, 'utf8');
}
