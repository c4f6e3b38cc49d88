import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sharedProject } from './generated-server.ts';

/**
 * Makes the place for the projects that the suites share, with the default one in it, and takes it away at the end. Where
 * several suites run, the first to come makes it for all.
 */
export default async function setup(): Promise<(() => Promise<void>) | undefined> {
  if (process.env.MCP_PROD_TEST_PROJECTS !== undefined) return undefined;
  const folder = mkdtempSync(join(tmpdir(), 'mcp-prod-generated-'));
  process.env.MCP_PROD_TEST_PROJECTS = folder;
  await sharedProject();
  return () => rm(folder, { recursive: true, force: true });
}
