import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';

export const benchFolder = fileURLToPath(new URL('.', import.meta.url));
export const mcpProd = join(benchFolder, '../bin/mcp-prod.js');
const compiler = join(benchFolder, '../node_modules/typescript/bin/tsc');

/** Compiles the servers, since Node 20 cannot run TypeScript and a loader would count as their start-up time. */
export async function buildServers(): Promise<void> {
  const fastmcp = join(benchFolder, 'fastmcp');
  if (!existsSync(join(fastmcp, 'node_modules/fastmcp'))) {
    await execa('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: fastmcp });
  }
  await execa(process.execPath, [compiler, '-p', benchFolder]);
  await execa(process.execPath, [compiler, '-p', fastmcp]);
}

/** Runs `mcp-prod init` with these words and builds the project. The caller removes it. */
export async function generateProject(
  words: string[],
): Promise<{ directory: string; remove: () => Promise<void> }> {
  const parent = await mkdtemp(join(tmpdir(), 'mcp-prod-bench-'));
  const remove = () => rm(parent, { recursive: true, force: true });
  try {
    const directory = join(parent, 'weather');
    await execa(process.execPath, [mcpProd, 'init', directory, '--yes', '--no-git', ...words], {
      stdin: 'ignore',
    });
    await execa('npm', ['run', '--silent', 'build'], { cwd: directory });
    return { directory, remove };
  } catch (error) {
    await remove();
    throw error;
  }
}
