import type { LiteralSecret, ProjectEvidence } from '../../../evidence/project.ts';
import { shortList } from '../../reading/server/agreement.ts';
import { isNonProductionFile } from '../../reading/server/non-production-files.ts';
import { serverImages } from '../../reading/server/server-image.ts';
import { deployingFiles } from '../../reading/server/server-units.ts';
import { placeText } from '../../reading/server/stages.ts';
import { fail, inconclusive, type Judgement, pass } from '../../row.ts';

/** Places that a finding shows; the rest only repeats it. */
const placeLimit = 10;

/**
 * Judges the literal secrets in Dockerfiles, compose files and other deployment descriptions. A password in what deploys the server is one; in a file
 * for tests or for a stack of which it is not known that it deploys anything, it may be meant for everyone to see.
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
  if (certain.length > 0)
    return fail(`${list(certain)}.`, ...certain.slice(0, placeLimit).map(({ at }) => at));
  const doubtful = literals.filter(({ at, byForm }) => byForm || !isNonProductionFile(at.file));
  if (doubtful.length > 0) {
    return inconclusive(`${list(doubtful)}; it is not clear whether that file deploys the server.`);
  }
  const files = [
    ...project.dockerfiles.filter((dockerfile) => !dockerfile.broken).map(({ file }) => file),
    ...project.compose.filter((compose) => !compose.broken).flatMap((compose) => compose.files),
    ...project.workloads.map(({ at }) => at.file),
  ].filter((file) => !isNonProductionFile(file));
  return files.length > 0
    ? pass(`No literal secret in ${shortList(files)}.`)
    : inconclusive('No Dockerfile and no description of a deployment was found that could be read.');
}

/**
 * Judges the literal secrets in source code, by their name or by their form. Those in tests and examples are made up, or
 * mean nothing.
 */
export function judgeSourceLiterals(project: ProjectEvidence): Judgement {
  const found = project.literalSecrets.filter(({ at }) => isCode(at.file) && !isNonProductionFile(at.file));
  if (found.length > 0) return fail(`${list(found)}.`, ...found.slice(0, placeLimit).map(({ at }) => at));
  const { parsed, unparsed } = project.source;
  const count = parsed.typescript + parsed.javascript + parsed.python;
  if (count === 0)
    return inconclusive('No TypeScript, JavaScript or Python source was found that could be read.');
  const rest = unparsed > 0 ? `; ${unparsed} could not be read` : '';
  return pass(
    `No literal secret in ${count === 1 ? 'the one source file' : `${count} source files`}${rest}.`,
  );
}

/** Source code, as opposed to what describes a deployment or holds settings. */
const isCode = (file: string): boolean =>
  /\.(?:[cm]?[jt]s|[jt]sx|py|rb|go|rs|java|kt|cs|php|sh|ps1|exs?|scala|swift|vue|svelte)$/.test(file);

function list(secrets: readonly LiteralSecret[]): string {
  const [first, ...others] = secrets;
  if (!first) return '';
  const more = others.length > 0 ? `, and ${others.length} more` : '';
  return `${first.name || 'A secret'} at ${placeText(first.at)}: ${first.kind}${more}`;
}
