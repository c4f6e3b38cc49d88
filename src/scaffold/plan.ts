import type { Answers } from './answers.ts';
import { layersOf } from './options.ts';
import { render, renderedPath, type TemplateValues } from './render.ts';
import { readLayer } from './templates.ts';

export interface PlannedFile {
  /** Relative to the project, with forward slashes. */
  path: string;
  contents: string;
  /** File mode bits, before the umask. */
  mode: number;
}

/** Everything that will be in the project's directory, as data. What `--dry-run` shows is what gets written. */
export interface Plan {
  name: string;
  directory: string;
  files: readonly PlannedFile[];
}

/** Secrets are for their owner only. */
const privateFiles: ReadonlySet<string> = new Set(['.env']);

/**
 * Lays the chosen template folders over one another. A file of a later folder replaces one with the same path. Files in a
 * folder called `<name>.d` are the parts of `<name>`: those of all layers are joined in the order of their names, so that
 * a choice can add its own part.
 */
export async function createPlan(answers: Answers, secrets: { mcpApiKey: string }): Promise<Plan> {
  const values: TemplateValues = { name: answers.name, ...secrets };
  const files = new Map<string, string>();
  for (const layer of layersOf(answers.selections)) {
    for (const template of await readLayer(layer)) {
      const path = renderedPath(template.path);
      files.set(path, template.path.endsWith('.hbs') ? render(template.contents, values) : template.contents);
    }
  }
  return {
    name: answers.name,
    directory: answers.directory,
    files: [...joinParts(files)]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([path, contents]) => ({ path, contents, mode: privateFiles.has(path) ? 0o600 : 0o644 })),
  };
}

function joinParts(files: ReadonlyMap<string, string>): Map<string, string> {
  const whole = new Map<string, string>();
  for (const path of [...files.keys()].sort()) {
    const contents = files.get(path) ?? '';
    const target = /^(.+)\.d\/[^/]+$/.exec(path)?.[1] ?? path;
    const before = target === path ? undefined : whole.get(target);
    whole.set(target, before === undefined ? contents : `${before.trimEnd()}\n\n${contents}`);
  }
  return whole;
}
