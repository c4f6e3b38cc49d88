import type { Answers } from './answers.ts';
import { containerImages } from './container-images.ts';
import { imageValues } from './image-values.ts';
import { type Lockfile, pruneLockfile } from './lockfile.ts';
import { type PackageManager, packageManagers } from './package-managers.ts';
import { slugOf } from './package-name.ts';
import { joinParts } from './parts.ts';
import { reachableScore } from './reachable-score.ts';
import { render, renderedPath, type TemplateValues } from './render.ts';
import { chosen, layersOf, type Selections } from './selections.ts';
import { readLayer } from './templates.ts';

export interface PlannedFile {
  /** Relative to the project, with forward slashes. */
  path: string;
  contents: string;
  /** File mode, before the umask. */
  mode: number;
}

/** The content of the project's directory, as data. `--dry-run` lists exactly what would be written. */
export interface Plan {
  name: string;
  directory: string;
  selections: Selections;
  pm: PackageManager;
  files: readonly PlannedFile[];
}

/** Files with secrets, readable by their owner only. */
const privateFiles: ReadonlySet<string> = new Set(['.env']);

/**
 * Combines the chosen template folders. A file of a later folder replaces one with the same path. A file in `<name>.d` adds
 * a part to the file `<name>`.
 */
export async function createPlan(
  answers: Answers,
  given: Pick<TemplateValues, 'mcpApiKey' | 'toolVersion'>,
): Promise<Plan> {
  const { name, directory, selections } = answers;
  const pm = packageManagers[chosen(selections, 'package-manager')];
  if (pm === undefined) throw new Error('The chosen package manager is unknown.');
  const values: TemplateValues = {
    name,
    slug: slugOf(name),
    pm,
    image: imageValues(pm),
    images: containerImages,
    minScore: reachableScore(selections),
    ...given,
  };
  const files = new Map<string, string>();
  for (const layer of layersOf(selections)) {
    for (const template of await readLayer(layer)) {
      const path = renderedPath(template.path, values);
      files.set(path, template.path.endsWith('.hbs') ? render(template.contents, values) : template.contents);
    }
  }
  return {
    name,
    directory,
    selections,
    pm,
    files: [...withLockfile(joinParts(files))]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([path, contents]) => ({ path, contents, mode: privateFiles.has(path) ? 0o600 : 0o644 })),
  };
}

/** The lockfile template covers every choice. The project gets the part that its manifest needs. */
function withLockfile(files: Map<string, string>): Map<string, string> {
  const [manifest, lockfile] = [files.get('package.json'), files.get('package-lock.json')];
  if (manifest === undefined || lockfile === undefined) return files;
  const pruned = pruneLockfile(JSON.parse(lockfile) as Lockfile, JSON.parse(manifest));
  return files.set('package-lock.json', `${JSON.stringify(pruned, null, 2)}\n`);
}
