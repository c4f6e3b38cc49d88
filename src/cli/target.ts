import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { usageError } from './exit.ts';

/** A project's directory. */
export interface ProjectTarget {
  /** As the user named it. */
  directory: string;
  /** Absolute. */
  root: string;
}

export type Target = { kind: 'url'; url: URL } | { kind: 'project'; project: ProjectTarget };

/**
 * The target of an audit: a URL or a directory.
 *
 * @throws CommandError (usage) if it is neither
 */
export async function parseTarget(argument: string, cwd: string): Promise<Target> {
  if (/^https?:\/\//i.test(argument)) return { kind: 'url', url: parseUrl(argument) };
  const project = await findProject(argument, cwd);
  if (project) return { kind: 'project', project };
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(argument)?.[1];
  if (scheme) throw usageError(`"${argument}" is not an http or https URL.`, 'Use http:// or https://.');
  throw usageError(
    `"${argument}" is neither a URL nor a directory.`,
    looksLikeHost(argument)
      ? `For a running server, use http://${argument}`
      : 'Give the URL of a running server or the directory of a project.',
  );
}

/** @throws CommandError (usage) if the URL is invalid, or contains credentials, which would end up in logs */
export function parseUrl(text: string): URL {
  if (!URL.canParse(text))
    throw usageError(`"${text}" is not a valid URL.`, 'Example: http://127.0.0.1:3000/mcp');
  const url = new URL(text);
  if (url.username || url.password) {
    throw usageError(
      'The URL contains a user name or password.',
      'Give credentials with --token, MCP_PROD_TOKEN or --header "Authorization: Basic …" instead.',
    );
  }
  url.hash = '';
  return url;
}

/** @throws CommandError (usage) if the directory does not exist */
export async function parseProject(argument: string, cwd: string): Promise<ProjectTarget> {
  const project = await findProject(argument, cwd);
  if (!project)
    throw usageError(
      `The directory "${argument}" does not exist.`,
      'Give the root of the project with --project <dir>.',
    );
  return project;
}

async function findProject(argument: string, cwd: string): Promise<ProjectTarget | null> {
  // Usually an unset variable. The working directory is ".".
  if (argument === '') return null;
  const root = resolve(cwd, argument);
  const found = await stat(root).catch(() => null);
  return found?.isDirectory() ? { directory: argument, root } : null;
}

const looksLikeHost = (text: string): boolean =>
  /^[\w.-]+(:\d+)?(\/|$)/.test(text) && /[.:]|^localhost/.test(text);
