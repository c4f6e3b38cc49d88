// Updates the npm lockfile of the generated project for the dependencies of all template folders. `init` copies the part
// that a project needs. Run it after changing a `package.json.d`. A test fails if the lockfile is outdated.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { everyDependency } from './template-manifest.ts';

const lockfile = fileURLToPath(
  new URL('../templates/package-manager/npm/package-lock.json', import.meta.url),
);
const folder = await mkdtemp(join(tmpdir(), 'mcp-prod-lockfile-'));
try {
  await writeFile(join(folder, 'package.json'), JSON.stringify(await everyDependency()));
  // Locked versions stay unchanged.
  const before = await readFile(lockfile, 'utf8').catch(() => undefined);
  if (before !== undefined) await writeFile(join(folder, 'package-lock.json'), before);
  const words = ['install', '--package-lock-only', '--ignore-scripts', '--omit-lockfile-registry-resolved'];
  await execa('npm', [...words, '--no-audit', '--no-fund'], { cwd: folder, stdio: 'inherit' });
  await writeFile(lockfile, await readFile(join(folder, 'package-lock.json')));
} finally {
  await rm(folder, { recursive: true, force: true });
}
