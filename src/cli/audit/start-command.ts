import { realpath } from 'node:fs/promises';
import { readText } from '../../collect/project/files/read-file.ts';
import type { Config } from '../../config/schema.ts';
import { isObject, parseJson } from '../../text/json.ts';
import { usageError } from '../exit.ts';
import type { ProjectTarget } from '../target.ts';

/**
 * The start command of an HTTP server: from the configuration, or the project's `start` script.
 *
 * @throws CommandError (usage) if neither exists
 */
export async function startCommand({ start }: Config, project: ProjectTarget): Promise<string> {
  const command = start ?? ((await readManifest(project)).scripts.has('start') ? 'npm start' : undefined);
  if (command !== undefined) return command;
  throw usageError(
    `"${project.directory}" declares no start command: neither the configuration nor package.json has "start".`,
    'Give the command with --start <command>, or as "start" in mcp-prod.config.json.',
  );
}

/**
 * The command with which a client starts a stdio server. A command named for stdio precedes one that may serve HTTP.
 *
 * @throws CommandError (usage) if there is none
 */
export async function stdioCommand({ stdio, start }: Config, project: ProjectTarget): Promise<string> {
  if (stdio !== undefined) return stdio;
  const { scripts, bin } = await readManifest(project);
  const named = ['stdio', 'start:stdio'].find((script) => scripts.has(script));
  // Without --silent, npm prints the command to stdout.
  if (named !== undefined) return `npm run --silent ${named}`;
  if (start !== undefined) return start;
  if (bin !== undefined) return `node ${/^[\w./@-]+$/.test(bin) ? bin : `"${bin}"`}`;
  if (scripts.has('start')) return 'npm run --silent start';
  throw usageError(
    `"${project.directory}" declares no command that starts a stdio server.`,
    'Give the command with --start <command>, or as "stdio" in mcp-prod.config.json.',
  );
}

/** The scripts and the program of package.json; empty if it is missing or cannot be read. */
async function readManifest({ root }: ProjectTarget): Promise<{ scripts: Set<string>; bin?: string }> {
  const content = await readText(await realpath(root), 'package.json');
  const manifest = objectOf('text' in content ? content.text : '{}');
  const scripts = Object.entries(objectOf(manifest.scripts)).filter(([, text]) => typeof text === 'string');
  // With several programs, the server is unknown.
  const programs = typeof manifest.bin === 'string' ? [manifest.bin] : Object.values(objectOf(manifest.bin));
  const [bin] = programs.filter((file): file is string => typeof file === 'string');
  return {
    scripts: new Set(scripts.map(([name]) => name)),
    ...(programs.length === 1 && bin !== undefined && { bin }),
  };
}

/** @param value JSON text or a parsed value; anything but an object becomes an empty one */
function objectOf(value: unknown): Record<string, unknown> {
  const parsed = typeof value === 'string' ? parseJson(value) : value;
  return isObject(parsed) ? parsed : {};
}
