/** What tests need to be two known clients. */
export interface Credentials {
  /** Settings of the server. */
  env: Record<string, string>;
  /** Bearer tokens of two clients; undefined where nobody has to show one. */
  token: string | undefined;
  otherToken: string | undefined;
  close(): Promise<void>;
}

export async function startCredentials(): Promise<Credentials> {
  return {
    env: { MCP_API_KEY: 'a-client-key-for-tests,another:other-key-for-tests' },
    token: 'a-client-key-for-tests',
    otherToken: 'other-key-for-tests',
    close: async () => {},
  };
}
