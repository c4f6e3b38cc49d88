import { errors, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose';
import { clientId } from './client-id.ts';

/** What a valid token says. */
export interface AccessToken {
  /** Safe to log and to count by. */
  client: string;
  scopes: ReadonlySet<string>;
  /** In ms since 1970. */
  endsAt: number;
}

/** The token is none of ours, or no longer. `reason` is for the log. */
export class TokenRefused extends Error {
  readonly reason: string;

  constructor(reason: string) {
    super('The access token was refused.');
    this.reason = reason;
  }
}

export interface VerifyOptions {
  issuer: string;
  /** One of them will do. */
  audience: string | string[];
  keys: JWTVerifyGetKey;
}

// Signatures that whoever holds the public key cannot make. Never HS*: the published key would be the secret.
const algorithms = [
  ...['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'],
  ...['ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519'],
];
// Access tokens are `at+jwt` (RFC 9068, section 2.1), and `JWT` or untyped at many authorization servers.
const types = ['at+jwt', 'jwt'];
const clockToleranceSeconds = 5;

/**
 * Returns how to check access tokens in JWT form (RFC 9068): signature, issuer, audience, times and type.
 *
 * @throws (from the returned function) TokenRefused, or what `keys` throws
 */
export function createVerifier({ issuer, audience, keys }: VerifyOptions) {
  return async (token: string): Promise<AccessToken> => {
    const { payload, protectedHeader } = await jwtVerify(token, keys, {
      issuer,
      audience,
      algorithms,
      clockTolerance: clockToleranceSeconds,
      requiredClaims: ['exp'],
    }).catch((error: unknown) => {
      throw error instanceof errors.JOSEError ? new TokenRefused(reasonOf(error)) : error;
    });
    const type = protectedHeader.typ?.toLowerCase().replace(/^application\//, '');
    if (type !== undefined && !types.includes(type))
      throw new TokenRefused('not an access token by its type');
    const client = clientId(payload);
    if (client === undefined) throw new TokenRefused('neither a client nor a subject');
    return { client, scopes: scopesOf(payload), endsAt: (payload.exp ?? 0) * 1000 };
  };
}

/** RFC 9068, section 2.2.3; some authorization servers write `scp`, as a text or as a list. */
function scopesOf({ scope, scp }: JWTPayload): ReadonlySet<string> {
  const granted = scope ?? scp;
  if (Array.isArray(granted)) return new Set(granted.map(String));
  return new Set(typeof granted === 'string' ? granted.split(' ') : []);
}

function reasonOf(error: errors.JOSEError): string {
  const { claim } = error as { claim?: unknown };
  return typeof claim === 'string' && claim !== 'unspecified' ? `${error.code} ${claim}` : error.code;
}
