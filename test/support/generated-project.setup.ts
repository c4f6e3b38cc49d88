import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateProject } from './generated-server.ts';

/** Generates the project that the suites share, once for all workers, and takes it away at the end. */
export default async function setup(): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'mcp-prod-generated-'));
  process.env.MCP_PROD_TEST_PROJECT = join(folder, 'weather-mcp-server');
  await generateProject();
  return () => rm(folder, { recursive: true, force: true });
}
