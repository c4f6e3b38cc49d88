import { mergeJson } from './merge-json.ts';
import { mergeYaml } from './merge-yaml.ts';

/**
 * Joins parts to whole files. Files in a folder `<name>.d` are the parts of `<name>`, in the order of their names. A file
 * `<name>` comes first. Parts of JSON and YAML files are merged by key, others are joined with blank lines.
 *
 * @param files contents by path
 */
export function joinParts(files: ReadonlyMap<string, string>): Map<string, string> {
  const parts = new Map<string, string[]>();
  for (const path of [...files.keys()].sort()) {
    const target = /^(.+)\.d\/[^/]+$/.exec(path)?.[1] ?? path;
    parts.set(target, [...(parts.get(target) ?? []), files.get(path) ?? '']);
  }
  return new Map([...parts].map(([path, texts]) => [path, join(path, texts)]));
}

function join(path: string, texts: readonly string[]): string {
  const [only] = texts;
  if (texts.length === 1 && only !== undefined) return only;
  if (path.endsWith('.json')) return mergeJson(texts, path);
  if (/\.ya?ml$/.test(path)) return mergeYaml(texts, path);
  return texts.map((text, index) => (index < texts.length - 1 ? `${text.trimEnd()}\n` : text)).join('\n');
}
