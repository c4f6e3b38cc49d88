/** What tests need to be two known clients. Here everyone is welcome, and there is nothing to show. */
export interface Credentials {
  /** Settings of the server. */
  env: Record<string, string>;
  /** Bearer tokens of two clients; undefined where nobody has to show one. */
  token: string | undefined;
  otherToken: string | undefined;
  close(): Promise<void>;
}

export async function startCredentials(): Promise<Credentials> {
  return { env: {}, token: undefined, otherToken: undefined, close: async () => {} };
}
