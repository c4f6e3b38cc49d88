import { usageError } from '../exit.ts';
import { type ProjectTarget, parseProject, parseTarget } from '../target.ts';
import { type Configuration, configuredUrl } from './configuration.ts';
import type { AuditOptions } from './options.ts';

/** What is audited: a running server, a project's files, or both. */
export interface Subject {
  url: URL | null;
  project: ProjectTarget | null;
}

/** @throws CommandError (usage) if a target does not exist or is named twice */
export async function nameSubject(
  argument: string | undefined,
  { project, evidence }: AuditOptions,
  cwd: string,
): Promise<Subject> {
  if (evidence !== undefined) {
    if (argument === undefined && project === undefined) return { url: null, project: null };
    throw usageError(
      '--evidence and a target cannot be combined.',
      'Omit the target and --project to judge the saved evidence.',
    );
  }
  const target = argument === undefined ? null : await parseTarget(argument, cwd);
  if (target?.kind === 'project') {
    if (project === undefined) return { url: null, project: target.project };
    throw usageError(
      'The target and --project both name a directory.',
      'Omit one of them, or give a URL as the target.',
    );
  }
  return {
    url: target?.url ?? null,
    project: project === undefined ? null : await parseProject(project, cwd),
  };
}

/**
 * Adds the configured server if no target is given.
 *
 * @throws CommandError (usage) if there is nothing to audit, or the configured server may not be audited
 */
export function completeSubject(
  argument: string | undefined,
  { url, project }: Subject,
  configuration: Configuration,
  { lab }: AuditOptions,
): Subject {
  // The lab launches its own server.
  const configured = argument === undefined && !lab ? configuredUrl(configuration) : undefined;
  const subject = { url: url ?? configured ?? null, project };
  if (subject.url || subject.project) return subject;
  throw usageError(
    'There is nothing to audit.',
    'Give the URL of a running server or the directory of a project: mcp-prod audit http://127.0.0.1:3000/mcp',
  );
}
