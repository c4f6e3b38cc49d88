// The demo: generates a weather server, launches it, injects faults, prints the report and cleans up. A score below 100 fails it.
// Needs only the npm registry: no API key and no Docker. The lab answers in place of the weather service.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';

const mcpProd = fileURLToPath(new URL('../bin/mcp-prod.js', import.meta.url));
const interruption = new AbortController();
process.once('SIGINT', () => interruption.abort());
process.once('SIGTERM', () => interruption.abort());

const say = (text: string) => process.stderr.write(`\n> ${text}\n\n`);

/** Runs a command of mcp-prod visibly. Returns its exit code. */
async function run(...words: string[]): Promise<number> {
  say(`mcp-prod ${words.join(' ')}`);
  const { exitCode } = await execa(process.execPath, [mcpProd, ...words], {
    stdio: ['ignore', 'inherit', 'inherit'],
    cancelSignal: interruption.signal,
    // It needs time to stop its servers.
    forceKillAfterDelay: 20_000,
    reject: false,
  });
  interruption.signal.throwIfAborted();
  return exitCode ?? 1;
}

async function demo(): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'mcp-prod-demo-'));
  const project = join(folder, 'weather');
  try {
    const generated = await run('init', project, '--yes', '--no-git');
    return generated === 0 ? await run('audit', project, '--lab', '--min-score', '100') : generated;
  } finally {
    await rm(folder, { recursive: true, force: true });
    say('Removed the temporary folder.');
  }
}

try {
  process.exitCode = await demo();
} catch (error) {
  const message = interruption.signal.aborted ? 'Interrupted.' : (error as Error).message.split('\n')[0];
  process.stderr.write(`demo: ${message}\n`);
  process.exitCode = interruption.signal.aborted ? 130 : 1;
}
