import type { LiteralSecret, ProjectEvidence } from '../../../evidence/project.ts';
import { count } from '../../../text/counts.ts';
import { placeText } from '../../../text/places.ts';
import { shortList } from '../../reading/server/agreement.ts';
import { isNonProductionFile } from '../../reading/server/non-production-files.ts';
import { serverImages } from '../../reading/server/server-image.ts';
import { deployingFiles } from '../../reading/server/server-units.ts';
import { fail, inconclusive, type Judgement, notApplicable, pass } from '../../row.ts';

/** Places that a finding shows. */
const placeLimit = 10;

/**
 * Judges the literal secrets in Dockerfiles, compose files and other deployment descriptions. A password in a file that
 * deploys the server is a secret. In a test or example it may be public.
 */
export function judgeLiterals(project: ProjectEvidence): Judgement {
  const deploying = new Set([
    ...serverImages(project).map(({ dockerfile }) => dockerfile.file),
    ...deployingFiles(project),
  ]);
  const literals = project.literalSecrets.filter(({ at }) => !isCode(at.file));
  const certain = literals.filter(
    ({ at, byForm }) => deploying.has(at.file) || (byForm && !isNonProductionFile(at.file)),
  );
  if (certain.length > 0) return fail(listed(certain), ...certain.slice(0, placeLimit).map(({ at }) => at));
  const doubtful = literals.filter(({ at, byForm }) => byForm || !isNonProductionFile(at.file));
  if (doubtful.length > 0) {
    return inconclusive(
      `${listed(doubtful)} Whether that file deploys the server is unknown. Move a real secret to the environment.`,
    );
  }
  const files = [
    ...project.dockerfiles.filter((dockerfile) => !dockerfile.broken).map(({ file }) => file),
    ...project.compose.filter((compose) => !compose.broken).flatMap((compose) => compose.files),
    ...project.workloads.map(({ at }) => at.file),
  ].filter((file) => !isNonProductionFile(file));
  if (files.length > 0) return pass(`The audit found no literal secret in ${shortList(files)}.`);
  return hasUnreadable(project)
    ? inconclusive('The project has no readable Dockerfile or deployment description.')
    : notApplicable('The project has no Dockerfile and no deployment description.');
}

function hasUnreadable({ dockerfiles, compose, unread }: ProjectEvidence): boolean {
  return [...dockerfiles, ...compose].some(({ broken }) => broken !== undefined) || unread.length > 0;
}

/** Judges the literal secrets in source code, by their name or their form. Tests and examples do not count. */
export function judgeSourceLiterals(project: ProjectEvidence): Judgement {
  const found = project.literalSecrets.filter(({ at }) => isCode(at.file) && !isNonProductionFile(at.file));
  if (found.length > 0) return fail(listed(found), ...found.slice(0, placeLimit).map(({ at }) => at));
  const { parsed, unparsed } = project.source;
  const files = parsed.typescript + parsed.javascript + parsed.python;
  if (files === 0)
    return inconclusive('The project has no readable TypeScript, JavaScript or Python source.');
  const rest = unparsed > 0 ? ` The audit could not read ${count(unparsed, 'more file')}.` : '';
  return pass(`The audit found no literal secret in ${count(files, 'source file')}.${rest}`);
}

/** Whether a file is source code, and not a deployment description or settings. */
const isCode = (file: string): boolean =>
  /\.(?:[cm]?[jt]s|[jt]sx|py|rb|go|rs|java|kt|cs|php|sh|ps1|exs?|scala|swift|vue|svelte)$/.test(file);

/** "Dockerfile:7 sets API_KEY to a literal value. Its name says that it holds a secret. The project contains 2 more literal secrets." */
function listed([first, ...others]: readonly LiteralSecret[]): string {
  if (!first) return '';
  const { at, name, kind, byForm } = first;
  const why = name && !byForm ? ' Its name says that it holds a secret.' : '';
  const more =
    others.length > 0 ? ` The project contains ${count(others.length, 'more literal secret')}.` : '';
  return `${placeText(at)} ${name ? `sets ${name} to` : 'contains'} ${kind}.${why}${more}`;
}
