import { createHash } from 'node:crypto';
import type { JWTPayload } from 'jose';

const maxLength = 80;

/**
 * Names who holds the token, for the log and the rate limit: the client (`client_id`, or `azp` in OpenID Connect) and the
 * person on whose behalf it acts (`sub`), so that neither the users of an application nor the applications of a user share
 * a limit. For a client that acts for itself it is the client alone.
 *
 * @returns undefined when the token tells neither
 */
export function clientId({ client_id, azp, sub }: JWTPayload): string | undefined {
  const client = text(client_id) ?? text(azp);
  const subject = text(sub);
  const parts = [...new Set([client, subject].filter((part) => part !== undefined))];
  return parts.length === 0 ? undefined : `oauth:${parts.map(printable).join(',')}`;
}

function text(claim: unknown): string | undefined {
  return typeof claim === 'string' && claim !== '' ? claim : undefined;
}

/** Bounded, and without characters that could mislead a reader. What is changed gets a hash, so that it stays distinct. */
function printable(part: string): string {
  const plain = part.replace(/[^\w.@:/|+~=-]/g, '_').slice(0, maxLength);
  if (plain === part) return part;
  return `${plain}~${createHash('sha256').update(part).digest('hex').slice(0, 12)}`;
}
