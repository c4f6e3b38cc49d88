import type { JSONWebKeySet } from 'jose';
import * as z from 'zod';
import { isSecureUrl, wellKnownUrl } from './urls.ts';

/** What a GET request brought: the body is parsed JSON, or undefined when it is none. */
export interface JsonAnswer {
  status: number;
  body: unknown;
}

export type GetJson = (url: string) => Promise<JsonAnswer>;

/** The authorization server answers, and its answer is of no use. */
export class DiscoveryError extends Error {}

const metadata = z.object({ issuer: z.string(), jwks_uri: z.string().refine(isSecureUrl) });
const keySet = z.object({ keys: z.array(z.looseObject({ kty: z.string() })) });

/**
 * Where an issuer's metadata may be, in the order that MCP gives to clients: RFC 8414, then OpenID Connect Discovery with
 * the issuer's path behind and before the well-known part.
 */
export function metadataUrls(issuer: string): string[] {
  const urls = [
    wellKnownUrl(issuer, 'oauth-authorization-server'),
    wellKnownUrl(issuer, 'openid-configuration'),
    `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`,
  ];
  return [...new Set(urls)];
}

/**
 * Finds the issuer's metadata and loads the keys that it names.
 *
 * @throws DiscoveryError, or what `get` throws
 */
export async function loadKeys(issuer: string, get: GetJson): Promise<JSONWebKeySet> {
  const uri = await findKeySet(issuer, get);
  const { status, body } = await get(uri);
  const keys = keySet.safeParse(body);
  if (status !== 200 || !keys.success) throw new DiscoveryError(`no key set at ${uri} (status ${status})`);
  return keys.data as JSONWebKeySet;
}

async function findKeySet(issuer: string, get: GetJson): Promise<string> {
  let problem = '';
  for (const url of metadataUrls(issuer)) {
    const { status, body } = await get(url);
    const document = metadata.safeParse(body);
    if (status !== 200 || !document.success) problem ||= `no usable metadata at ${url} (status ${status})`;
    // Somebody else's metadata would bring somebody else's keys (RFC 8414, section 3.3).
    else if (document.data.issuer !== issuer)
      problem = `the metadata is that of another issuer, ${JSON.stringify(document.data.issuer.slice(0, 200))}`;
    else return document.data.jwks_uri;
  }
  throw new DiscoveryError(problem);
}
