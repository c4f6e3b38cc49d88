import { realpath } from 'node:fs/promises';
import { readText } from '../../collect/project/files/read-file.ts';
import type { Config } from '../../config/schema.ts';
import { isObject, parseJson } from '../../text/json.ts';
import { usageError } from '../exit.ts';
import type { ProjectTarget } from '../target.ts';

/**
 * How a server over HTTP is started: as the configuration says, or by the project's `start` script.
 *
 * @throws CommandError (usage) when neither says it
 */
export async function startCommand({ start }: Config, project: ProjectTarget): Promise<string> {
  const command = start ?? ((await readManifest(project)).scripts.has('start') ? 'npm start' : undefined);
  if (command !== undefined) return command;
  throw usageError(
    `"${project.directory}" does not say how its server is started.`,
    'Give the command with --start <command>, or as "start" in mcp-prod.config.json.',
  );
}

/**
 * How a client starts a server over stdio: what names stdio goes before what may be meant for HTTP.
 *
 * @throws CommandError (usage) when nothing says it
 */
export async function stdioCommand({ stdio, start }: Config, project: ProjectTarget): Promise<string> {
  if (stdio !== undefined) return stdio;
  const { scripts, bin } = await readManifest(project);
  const named = ['stdio', 'start:stdio'].find((script) => scripts.has(script));
  // npm tells on stdout what it runs, unless it is asked not to.
  if (named !== undefined) return `npm run --silent ${named}`;
  if (start !== undefined) return start;
  if (bin !== undefined) return `node ${/^[\w./@-]+$/.test(bin) ? bin : `"${bin}"`}`;
  if (scripts.has('start')) return 'npm run --silent start';
  throw usageError(
    `"${project.directory}" does not say how its server is started over stdio.`,
    'Give the command with --start <command>, or as "stdio" in mcp-prod.config.json.',
  );
}

/** What package.json says of starting: nothing, where there is none or it cannot be read. */
async function readManifest({ root }: ProjectTarget): Promise<{ scripts: Set<string>; bin?: string }> {
  const content = await readText(await realpath(root), 'package.json');
  const manifest = objectOf('text' in content ? content.text : '{}');
  const scripts = Object.entries(objectOf(manifest.scripts)).filter(([, text]) => typeof text === 'string');
  // With several programs nobody knows which is the server.
  const programs = typeof manifest.bin === 'string' ? [manifest.bin] : Object.values(objectOf(manifest.bin));
  const [bin] = programs.filter((file): file is string => typeof file === 'string');
  return {
    scripts: new Set(scripts.map(([name]) => name)),
    ...(programs.length === 1 && bin !== undefined && { bin }),
  };
}

/** @param value JSON, or what it was parsed to; anything but an object is an empty one */
function objectOf(value: unknown): Record<string, unknown> {
  const parsed = typeof value === 'string' ? parseJson(value) : value;
  return isObject(parsed) ? parsed : {};
}
