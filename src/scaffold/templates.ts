import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { packageRoot } from '../package-root.ts';

/** A file of a template folder. Paths are relative to the folder, with forward slashes. */
export interface TemplateFile {
  path: string;
  contents: string;
}

export const templatesRoot = fileURLToPath(new URL('templates/', packageRoot));

/** All files of a template folder, sorted by path. */
export async function readLayer(layer: string, root: string = templatesRoot): Promise<TemplateFile[]> {
  const folder = join(root, layer);
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name).slice(folder.length).replaceAll('\\', '/').replace(/^\//, ''),
    )
    .sort();
  return Promise.all(
    paths.map(async (path) => ({ path, contents: await readFile(join(folder, path), 'utf8') })),
  );
}
