import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { execa } from 'execa';
import { afterAll, expect } from 'vitest';
import { complete } from '../../src/scaffold/answers.ts';
import { scaffoldOptions } from '../../src/scaffold/options.ts';
import { createPlan } from '../../src/scaffold/plan.ts';
import { parseSelection } from '../../src/scaffold/selections.ts';

export { lacks } from '../support/programs.ts';

export const toolVersion = '9.9.9';
export const slug = 'acme-weather';

/** Values of options by their ids, as on the command line. */
export type Choices = Readonly<Record<string, string>>;

const folders: string[] = [];
afterAll(async () => {
  for (const folder of folders) await rm(folder, { recursive: true, force: true });
});

/** A directory that goes away with the test file. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'mcp-prod-deploy-'));
  folders.push(folder);
  return folder;
}

/** Writes the project that these choices make, without installing anything, and returns its directory. */
export async function generate(choices: Choices, name = `@acme/${slug}`): Promise<string> {
  const directory = join(await temporaryFolder(), basename(name));
  const selections = Object.fromEntries(
    Object.entries(choices).map(([id, value]) => {
      const option = scaffoldOptions.find((one) => one.id === id);
      if (option === undefined) throw new Error(`There is no option ${id}.`);
      return [id, parseSelection(option, value)];
    }),
  );
  const answers = complete({ directory, name, selections }, '/');
  const plan = await createPlan(answers, { mcpApiKey: 'ab'.repeat(32), toolVersion });
  for (const { path, contents, mode } of plan.files) {
    const file = join(directory, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, contents);
    await chmod(file, mode);
  }
  return directory;
}

/** Replaces text in a file of a project. The text has to be there. */
export async function change(project: string, path: string, from: string, to: string): Promise<void> {
  const file = join(project, path);
  const text = await readFile(file, 'utf8');
  expect(text).toContain(from);
  await writeFile(file, text.replace(from, to));
}

/** Runs a program to its end. Never throws for how it ends. */
export async function run(program: string, words: readonly string[], options: Record<string, unknown> = {}) {
  const result = await execa(program, words, { reject: false, all: true, stdin: 'ignore', ...options });
  return { exitCode: result.exitCode, output: String(result.all ?? ''), stdout: String(result.stdout ?? '') };
}

/** The same for what needs root, which is what an isolated build needs. */
export function lacksRoot(): boolean {
  if (process.getuid?.() === 0) return false;
  const message = 'building and running an image in a test needs root';
  if (process.env.CI) throw new Error(message);
  process.stderr.write(`Left out: ${message}\n`);
  return true;
}
