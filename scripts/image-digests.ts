/** The default registry of image references. */
const dockerHub = 'registry-1.docker.io';

// The index of all platforms if it exists, else the image.
const accept = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
].join(', ');

const timeoutMs = 10_000;

interface Reference {
  registry: string;
  repository: string;
  tag: string;
}

/**
 * Parses a reference: `node:24-slim`, `grafana/loki:3.7.7` or `quay.io/x/y:1`, with or without a digest.
 *
 * @throws Error if it has no tag
 */
export function parseReference(reference: string): Reference {
  const [, path = '', tag = ''] = /^([^@]+):([\w][\w.-]{0,127})(?:@.*)?$/.exec(reference) ?? [];
  if (tag === '') throw new Error(`${reference} has no tag.`);
  const [first = '', ...others] = path.split('/');
  if (others.length > 0 && /[.:]|^localhost$/.test(first)) {
    return { registry: first, repository: others.join('/'), tag };
  }
  return { registry: dockerHub, repository: others.length > 0 ? path : `library/${path}`, tag };
}

/**
 * Asks the registry for the current digest of a reference's tag (Docker Registry HTTP API v2: the header
 * `docker-content-digest` of a manifest), with an anonymous token if it requires one.
 *
 * @param originOf the address of a registry
 * @returns the reference with that digest
 * @throws Error with the registry's response
 */
export async function withDigest(
  reference: string,
  originOf = (registry: string) => `https://${registry}`,
): Promise<string> {
  const { registry, repository, tag } = parseReference(reference);
  const url = `${originOf(registry)}/v2/${repository}/manifests/${tag}`;
  const ask = (headers: Record<string, string> = {}) =>
    fetch(url, {
      method: 'HEAD',
      headers: { accept, ...headers },
      signal: AbortSignal.timeout(timeoutMs),
    });
  let answer = await ask();
  const challenge = answer.headers.get('www-authenticate');
  if (answer.status === 401 && challenge !== null) {
    answer = await ask({ authorization: `Bearer ${await tokenFor(challenge)}` });
  }
  if (answer.status !== 200) throw new Error(`${url} answered ${answer.status}.`);
  const digest = answer.headers.get('docker-content-digest') ?? '';
  if (!/^sha256:[0-9a-f]{64}$/.test(digest)) throw new Error(`${url} answered without a digest.`);
  return `${reference.replace(/@.*$/, '')}@${digest}`;
}

/** https://distribution.github.io/distribution/spec/auth/token/ */
async function tokenFor(challenge: string): Promise<string> {
  const parameters = new Map(
    [...challenge.matchAll(/(\w+)="([^"]*)"/g)].map(([, name, value]) => [name, value]),
  );
  const realm = parameters.get('realm');
  if (realm === undefined)
    throw new Error(`A registry requires credentials, but its challenge names no realm: ${challenge}`);
  const url = new URL(realm);
  for (const name of ['service', 'scope']) {
    const value = parameters.get(name);
    if (value !== undefined) url.searchParams.set(name, value);
  }
  const answer = await fetch(url, { signal: AbortSignal.timeout(timeoutMs) });
  if (!answer.ok) throw new Error(`${url.origin}${url.pathname} answered ${answer.status}.`);
  const { token, access_token: other } = (await answer.json()) as { token?: string; access_token?: string };
  return token ?? other ?? '';
}

/**
 * The text with current digests. All registries must answer before a digest is replaced.
 *
 * @throws Error if a registry returns no digest
 */
export async function refreshed(
  text: string,
  references: readonly string[],
  originOf?: (registry: string) => string,
): Promise<string> {
  const now = await Promise.all(
    references.map(async (old) => [old, await withDigest(old, originOf)] as const),
  );
  return now.reduce((all, [old, fresh]) => all.replaceAll(`'${old}'`, `'${fresh}'`), text);
}
