import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { usageError } from './exit.ts';

/** A project's directory, as the user named it and as it is found. */
export interface ProjectTarget {
  directory: string;
  root: string;
}

export type Target = { kind: 'url'; url: URL } | { kind: 'project'; project: ProjectTarget };

/**
 * What the audit's argument names: a URL, or a directory.
 *
 * @throws CommandError (usage) that says what is wrong with it
 */
export async function parseTarget(argument: string, cwd: string): Promise<Target> {
  if (/^https?:\/\//i.test(argument)) return { kind: 'url', url: parseUrl(argument) };
  const project = await findProject(argument, cwd);
  if (project) return { kind: 'project', project };
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(argument)?.[1];
  if (scheme)
    throw usageError(
      `"${argument}" is not an http or https URL.`,
      'An MCP server is reached over http:// or https://.',
    );
  throw usageError(
    `"${argument}" is neither a URL nor a directory.`,
    looksLikeHost(argument)
      ? `For a running server write http://${argument}`
      : 'Give the URL of a running server or the directory of a project.',
  );
}

/** @throws CommandError (usage) when it is no URL of a server, or carries credentials that would end up in logs */
export function parseUrl(text: string): URL {
  if (!URL.canParse(text))
    throw usageError(`"${text}" is not a valid URL.`, 'Example: http://127.0.0.1:3000/mcp');
  const url = new URL(text);
  if (url.username || url.password) {
    throw usageError(
      'The URL carries a user name or password.',
      'Give credentials with --token, MCP_PROD_TOKEN or --header "Authorization: Basic …" instead.',
    );
  }
  url.hash = '';
  return url;
}

/** @throws CommandError (usage) when there is no such directory */
export async function parseProject(argument: string, cwd: string): Promise<ProjectTarget> {
  const project = await findProject(argument, cwd);
  if (!project)
    throw usageError(
      `There is no directory "${argument}".`,
      'Give the root of the project with --project <dir>.',
    );
  return project;
}

async function findProject(argument: string, cwd: string): Promise<ProjectTarget | null> {
  // An unset variable of a script, and not the working directory, which is ".".
  if (argument === '') return null;
  const root = resolve(cwd, argument);
  const found = await stat(root).catch(() => null);
  return found?.isDirectory() ? { directory: argument, root } : null;
}

const looksLikeHost = (text: string): boolean =>
  /^[\w.-]+(:\d+)?(\/|$)/.test(text) && /[.:]|^localhost/.test(text);
