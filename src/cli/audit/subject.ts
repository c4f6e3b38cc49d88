import { usageError } from '../exit.ts';
import { type ProjectTarget, parseProject, parseTarget } from '../target.ts';
import { type Configuration, configuredUrl } from './configuration.ts';
import type { AuditOptions } from './options.ts';

/** What is looked at: a running server, a project's files, or both. */
export interface Subject {
  url: URL | null;
  project: ProjectTarget | null;
}

/** @throws CommandError (usage) when what the command line names is not there, or is named twice */
export async function nameSubject(
  argument: string | undefined,
  { project, evidence }: AuditOptions,
  cwd: string,
): Promise<Subject> {
  if (evidence !== undefined) {
    if (argument === undefined && project === undefined) return { url: null, project: null };
    throw usageError(
      'Both --evidence and a target are given.',
      'Saved evidence is judged as it is; leave out the target and --project.',
    );
  }
  const target = argument === undefined ? null : await parseTarget(argument, cwd);
  if (target?.kind === 'project') {
    if (project === undefined) return { url: null, project: target.project };
    throw usageError(
      'Both the target and --project name a directory.',
      'Give the directory once, or a URL as the target.',
    );
  }
  return {
    url: target?.url ?? null,
    project: project === undefined ? null : await parseProject(project, cwd),
  };
}

/**
 * The configured server is audited where no target is given.
 *
 * @throws CommandError (usage) when nothing is left to audit, or the configured server is not one that may be asked
 */
export function completeSubject(
  argument: string | undefined,
  { url, project }: Subject,
  configuration: Configuration,
  { lab }: AuditOptions,
): Subject {
  // The lab launches a server of its own, and the configured one is another.
  const configured = argument === undefined && !lab ? configuredUrl(configuration) : undefined;
  const subject = { url: url ?? configured ?? null, project };
  if (subject.url || subject.project) return subject;
  throw usageError(
    'There is nothing to audit.',
    'Give the URL of a running server or the directory of a project: mcp-prod audit http://127.0.0.1:3000/mcp',
  );
}
