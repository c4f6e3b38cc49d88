import type { Credential } from '../../../evidence/exchange.ts';
import type { CacheHint, Era, McpEndpoint } from '../../../evidence/wire.ts';
import type { Session } from '../../../protocol/messages.ts';
import { endSession } from '../mcp/sessions.ts';
import type { Run } from '../run.ts';
import { type Tried, tryGiven, tryOther } from './access.ts';
import { derivedCredentials, refusedOperations, tellingOperation, tryDerived } from './access-derived.ts';
import { openHeldStream, postMessage } from './access-sse.ts';
import { cacheHintsIn } from './cache-hints.ts';
import type { Found } from './endpoints.ts';
import { findResourceMetadata } from './resource-metadata.ts';

/** The probes of one endpoint, from the first with the given credential to the end of its session. */
export interface EndpointAccess {
  endpoint: Found;
  /** The era in which the server serves the given credential. Undefined: in none, or over HTTP+SSE. */
  served: Era | undefined;
  /** Its session, open until `close`. Undefined: it has none. */
  session: Session | undefined;
  /** Tries every operation with another credential. */
  tryOther: (credential: Credential) => Promise<void>;
  /** Tries one operation with the beginning of the given credential, and with more characters than it has. */
  tryDerived: () => Promise<void>;
  /** The caching hints of its results. */
  cacheHints: CacheHint[];
  /** Ends the session and the stream. */
  close: () => Promise<McpEndpoint>;
}

/** Tries every operation of the endpoint with the given credential. */
export function openAccess(run: Run, endpoint: Found): Promise<EndpointAccess> {
  return endpoint.transport === 'sse' ? openSse(run, endpoint) : openStreamable(run, endpoint);
}

async function openStreamable(run: Run, endpoint: Found): Promise<EndpointAccess> {
  const opening = await tryGiven(run, endpoint);
  const tried = [...opening.tried];
  return {
    endpoint,
    served: opening.served,
    cacheHints: cacheHintsIn(run, opening.tried),
    session: opening.session,
    tryOther: async (credential) => {
      tried.push(...(await tryOther(run, endpoint, credential, opening)));
    },
    tryDerived: async () => {
      const operation = tellingOperation(tried);
      if (operation === undefined) return;
      for (const credential of derivedCredentials) {
        if (run.identity.lengths(credential) === undefined) continue;
        tried.push(...(await tryDerived(run, endpoint, credential, operation)));
      }
    },
    close: async () => {
      await endSession(run, endpoint.url, 'given', opening.session);
      return endpointEvidence(run, endpoint, tried);
    },
  };
}

async function openSse(run: Run, endpoint: Found): Promise<EndpointAccess> {
  const stream = await openHeldStream(run, endpoint, 'given');
  const tried = [...stream.tried];
  if (stream.messages !== undefined) tried.push(...(await postMessage(run, stream.messages, 'given')));
  return {
    endpoint,
    served: undefined,
    cacheHints: [],
    session: undefined,
    tryOther: async (credential) => {
      const other = await openHeldStream(run, endpoint, credential);
      tried.push(...other.tried);
      const messages = stream.messages ?? other.messages;
      if (messages !== undefined) tried.push(...(await postMessage(run, messages, credential)));
      other.leave();
    },
    tryDerived: async () => {
      if (refusedOperations(tried).length === 0) return;
      for (const credential of derivedCredentials) {
        if (run.identity.lengths(credential) === undefined) continue;
        const derived = await openHeldStream(run, endpoint, credential);
        derived.leave();
        tried.push(...derived.tried);
      }
    },
    close: async () => {
      stream.leave();
      return endpointEvidence(run, endpoint, tried);
    },
  };
}

async function endpointEvidence(run: Run, { url, transport }: Found, tried: Tried[]): Promise<McpEndpoint> {
  const resourceMetadata = await findResourceMetadata(run, url, tried);
  return {
    url: run.masker.url(url),
    transport,
    access: tried.map(({ probe }) => probe),
    ...(refusedOperations(tried).length === 0 ? {} : { derivedDue: true as const }),
    ...(resourceMetadata === undefined ? {} : { resourceMetadata }),
  };
}
