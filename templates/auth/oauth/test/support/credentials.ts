import { type Issuer, startIssuer } from './issuer.ts';

/** What tests need to be two known clients. */
export interface Credentials {
  /** Settings of the server. */
  env: Record<string, string>;
  /** Bearer tokens of two clients; undefined where nobody has to show one. */
  token: string | undefined;
  otherToken: string | undefined;
  /** The authorization server that the tokens are from. */
  issuer: Issuer;
  close(): Promise<void>;
}

export async function startCredentials(): Promise<Credentials> {
  const issuer = await startIssuer();
  return {
    env: { PUBLIC_URL: 'https://weather.example.com', OAUTH_ISSUER: issuer.url },
    token: await issuer.token(),
    otherToken: await issuer.token({ claims: { sub: 'ben' } }),
    issuer,
    close: () => issuer.close(),
  };
}
