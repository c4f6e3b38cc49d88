import type { Era } from './requests.ts';

/** A server under measurement. */
export interface Variant {
  name: string;
  /** The revisions it speaks. */
  eras: readonly Era[];
  /** Arguments of `node`. */
  args: string[];
  cwd: string;
  env: Record<string, string>;
  /** The bearer token it demands. */
  token?: string;
}

export const generatedName = 'generated server';
export const redisName = 'generated, Redis store';
export const bareName = 'bare SDK v2';
export const fastmcpName = 'fastmcp';

/** The servers that are not generated. Paths are relative to the folder of the bench. */
export function plainVariants(bench: string): Variant[] {
  const plain = (name: string, file: string, eras: readonly Era[]): Variant => ({
    name,
    eras,
    args: [file],
    cwd: bench,
    env: {},
  });
  return [
    plain(bareName, 'dist/bare-v2.js', ['2025', '2026']),
    plain('SDK v1 on Express', 'dist/sdk-v1.js', ['2025']),
    plain(fastmcpName, 'fastmcp/dist/fastmcp/server.js', ['2025']),
    plain('constant node:http', 'dist/constant.js', ['2025', '2026']),
  ];
}

/** The generated server with everything on that is on in production. */
export function generatedVariant(
  name: string,
  project: string,
  urls: { upstream: string; alerts: string },
  env: Record<string, string> = {},
): Variant {
  const token = 'a-key-of-the-bench';
  return {
    name,
    eras: ['2025', '2026'],
    args: ['dist/index.js'],
    cwd: project,
    env: {
      MCP_API_KEY: token,
      OPENWEATHER_API_KEY: 'an-upstream-key',
      WEATHER_BASE_URL: urls.upstream,
      ALERT_WEBHOOK_URL: urls.alerts,
      // The limiter counts every request, and never refuses one.
      RATE_LIMIT: '1000000',
      // One client gets a tenth.
      MAX_STREAMS: '60000',
      // The upstream is asked once.
      CACHE_TTL: '86400',
      ...env,
    },
    token,
  };
}
