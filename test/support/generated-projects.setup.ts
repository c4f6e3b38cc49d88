import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sharedProject } from './generated-server.ts';

/** Makes the place for the projects that the suites share, with the default one in it, and takes it away at the end. */
export default async function setup(): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'mcp-prod-generated-'));
  process.env.MCP_PROD_TEST_PROJECTS = folder;
  await sharedProject();
  return () => rm(folder, { recursive: true, force: true });
}
