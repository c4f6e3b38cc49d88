/** A place of images: Docker Hub, or what a reference names before its first slash. */
const dockerHub = 'registry-1.docker.io';

// The index of all platforms where there is one, else the image.
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
 * Where a reference leads: `node:24-slim`, `grafana/loki:3.7.7`, `quay.io/x/y:1`, each with a digest or without.
 *
 * @throws Error when it has no tag
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
 * Asks the registry which digest a reference's tag has now (Docker Registry HTTP API v2: a manifest's
 * `docker-content-digest`), with an anonymous token where it wants one.
 *
 * @param originOf the address of a registry
 * @returns the reference with that digest
 * @throws Error with what the registry answered
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
    throw new Error(`A registry asked for credentials that it does not name: ${challenge}`);
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
 * A text with its references brought up to date. All registries are asked before anything is replaced.
 *
 * @throws Error when one of them does not answer with a digest
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
