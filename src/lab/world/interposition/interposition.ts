import { existsSync } from 'node:fs';
import { open, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { rootCertificates } from 'node:tls';
import { fileURLToPath } from 'node:url';
import type { InterpositionFacts } from '../../../evidence/lab/interposition.ts';
import type { Canaries } from '../canaries.ts';
import type { GatewayCredential } from '../gateway/credential.ts';
import { readEvents } from './events.ts';

/** What brings the connections of one launch to its gateway, without a change to the server's code. */
export interface Interposition {
  environment: Record<string, string>;
  facts: () => Promise<InterpositionFacts>;
  /**
   * Moves the clock of Node and Python processes so many milliseconds ahead of the real one; timers go on as they are.
   * Resolves when every process sees it.
   *
   * @throws Error when this launch was not prepared for it
   */
  moveClock: (aheadMs: number) => Promise<void>;
}

export interface InterpositionOptions {
  /** Where files of this launch go. */
  directory: string;
  gatewayPort: number;
  credential: GatewayCredential;
  /** Hosts, or host:port, that go to the gateway whatever the port; "host=port" to that port of loopback instead. */
  hosts: readonly string[];
  /** Ports on loopback of services that belong to the lab: connections to them go around no gateway. */
  services: readonly number[];
  /** The run's certificate authority, PEM. */
  certificate: string;
  canaries: Canaries;
  /** Whether the lab may move the clock of this launch. */
  movableClock: boolean;
}

/** Milliseconds, several times as long as the preloads go on by what they have read. */
const clockSeenMs = 300;

const nodePreload = fileURLToPath(new URL('./node-preload.cjs', import.meta.url));
const nodeClock = fileURLToPath(new URL('./node-clock.cjs', import.meta.url));
const pythonPath = fileURLToPath(new URL('./python', import.meta.url));

/** What the server itself has to be able to read. */
export const preloads = [nodePreload, `${pythonPath}/sitecustomize.py`] as const;

/** Where systems keep the authorities they trust. */
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
      const facts = readEvents(await beginningOf(events), canaries);
      return { ...facts, direct: facts.direct.filter(({ port }) => !services.includes(port)) };
    },
    moveClock: async (aheadMs) => {
      if (!movableClock) throw new Error('The clock of this launch cannot be moved.');
      await writeFile(clock, String(Math.round(aheadMs)));
      await delay(clockSeenMs);
    },
  };
}

/** As NODE_OPTIONS takes a path with spaces (Node.js CLI, `NODE_OPTIONS`). */
function quoted(path: string): string {
  return `"${path.replace(/["\\]/g, '\\$&')}"`;
}

/** Direct connections go on being checked as before. */
async function trustedBefore(): Promise<string> {
  const file = systemBundles.find((candidate) => existsSync(candidate));
  return file === undefined ? rootCertificates.join('\n') : readFile(file, 'utf8');
}

const maxEventBytes = 1024 * 1024;

/** The file is the server's to write: no more of it is read than the preloads would write. */
async function beginningOf(path: string): Promise<string> {
  try {
    const file = await open(path);
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(maxEventBytes), 0, maxEventBytes, 0);
      return buffer.toString('utf8', 0, bytesRead);
    } finally {
      await file.close();
    }
  } catch {
    return '';
  }
}
