import { containerImages } from '../src/scaffold/container-images.ts';
import { imageValues } from '../src/scaffold/image-values.ts';
import { combinations, scaffoldOptions } from '../src/scaffold/options.ts';
import { packageManagers } from '../src/scaffold/package-managers.ts';
import { joinParts } from '../src/scaffold/parts.ts';
import { render } from '../src/scaffold/render.ts';
import { readLayer } from '../src/scaffold/templates.ts';

/** Every template folder whose project can be installed with npm, in the order in which they are laid over one another. */
export function npmLayers(): string[] {
  const single = scaffoldOptions.flatMap((option) =>
    option.choices
      .filter(({ value }) => option.id !== 'package-manager' || value === 'npm')
      .flatMap(({ layers }) => layers),
  );
  return [...new Set(['base', ...single, ...combinations.map(({ layer }) => layer)])];
}

/**
 * The package manifest of a project for which everything has been chosen at once.
 *
 * @throws Error when two folders ask for different versions of a package
 */
export async function everyDependency(): Promise<Record<string, unknown>> {
  const pm = packageManagers.npm;
  if (pm === undefined) throw new Error('npm is not in the table.');
  const values = {
    name: 'template',
    slug: 'template',
    mcpApiKey: '',
    toolVersion: '',
    pm,
    image: imageValues(pm),
    images: containerImages,
  };
  const parts = new Map<string, string>();
  const versions = new Map<string, string>();
  for (const layer of npmLayers()) {
    for (const { path, contents } of await readLayer(layer)) {
      if (!path.startsWith('package.json.d/')) continue;
      const text = path.endsWith('.hbs') ? render(contents, values) : contents;
      requireOneVersion(text, versions, `${layer}/${path}`);
      // One name in two folders would be a replacement.
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
      throw new Error(`${where} asks for ${name} ${version}, another part for ${known}.`);
    versions.set(name, version);
  }
}
