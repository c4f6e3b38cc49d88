import { containerImages } from '../src/scaffold/container-images.ts';
import { imageValues } from '../src/scaffold/image-values.ts';
import { combinations, scaffoldOptions } from '../src/scaffold/options.ts';
import { packageManagers } from '../src/scaffold/package-managers.ts';
import { joinParts } from '../src/scaffold/parts.ts';
import { render } from '../src/scaffold/render.ts';
import { readLayer } from '../src/scaffold/templates.ts';

/** Every template folder whose project can be installed with npm, in the order in which they are applied. */
export function npmLayers(): string[] {
  const single = scaffoldOptions.flatMap((option) =>
    option.choices
      .filter(({ value }) => option.id !== 'package-manager' || value === 'npm')
      .flatMap(({ layers }) => layers),
  );
  return [...new Set(['base', ...single, ...combinations.map(({ layer }) => layer)])];
}

/**
 * The package manifest of a project with every choice at once.
 *
 * @throws Error if two folders require different versions of a package
 */
export async function everyDependency(): Promise<Record<string, unknown>> {
  const pm = packageManagers.npm;
  if (pm === undefined) throw new Error('The table of package managers does not contain npm.');
  const values = {
    name: 'template',
    slug: 'template',
    mcpApiKey: '',
    toolVersion: '',
    pm,
    image: imageValues(pm),
    images: containerImages,
    minScore: 100,
  };
  const parts = new Map<string, string>();
  const versions = new Map<string, string>();
  for (const layer of npmLayers()) {
    for (const { path, contents } of await readLayer(layer)) {
      if (!path.startsWith('package.json.d/')) continue;
      const text = path.endsWith('.hbs') ? render(contents, values) : contents;
      requireOneVersion(text, versions, `${layer}/${path}`);
      // A number makes the name unique: a second file of the same name would replace the first.
      parts.set(`package.json.d/${String(parts.size).padStart(3, '0')}`, text);
    }
  }
  return JSON.parse(joinParts(parts).get('package.json') ?? '{}');
}

function requireOneVersion(text: string, versions: Map<string, string>, where: string): void {
  const { dependencies = {}, devDependencies = {} } = JSON.parse(text) as Record<
    string,
    Record<string, string>
  >;
  for (const [name, version] of Object.entries({ ...dependencies, ...devDependencies })) {
    const known = versions.get(name) ?? version;
    if (known !== version)
      throw new Error(`${where} requires ${name} ${version}, and another part requires ${known}.`);
    versions.set(name, version);
  }
}
