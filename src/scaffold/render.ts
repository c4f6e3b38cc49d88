import Handlebars from 'handlebars';
import type { ContainerImages } from './container-images.ts';
import type { ImageValues } from './image-values.ts';
import type { PackageManager } from './package-managers.ts';

/** The values that templates may use. Each is inert where it goes: names follow npm's rules, the key is hexadecimal. */
export interface TemplateValues {
  /** The npm package's name. */
  name: string;
  /** The name as a DNS label, for files, images and objects. */
  slug: string;
  mcpApiKey: string;
  /** The version of this tool. */
  toolVersion: string;
  pm: PackageManager;
  image: ImageValues;
  images: ContainerImages;
}

const handlebars = Handlebars.create();
// JSON strings are string literals of JSON, of TypeScript and of YAML alike.
handlebars.registerHelper('json', (value: unknown) => JSON.stringify(value));

/**
 * Renders a template. Nothing is escaped on the way, since none of the files is HTML: a template puts a value into JSON,
 * YAML or TypeScript with `{{json value}}`.
 *
 * @throws Error when the template uses a value that does not exist
 */
export function render(template: string, values: TemplateValues): string {
  const compiled = handlebars.compile(template, {
    noEscape: true,
    strict: true,
    knownHelpersOnly: true,
    knownHelpers: { json: true },
  });
  return compiled({ ...values });
}

/**
 * Where a template goes: `_github/_x` becomes `.github/.x` (npm renames or drops some such files in packages), `.hbs` goes,
 * and values such as `{{slug}}` are put in.
 */
export function renderedPath(templatePath: string, values: TemplateValues): string {
  const path = templatePath.replace(/\.hbs$/, '').replace(/(^|\/)_/g, '$1.');
  return path.includes('{{') ? render(path, values) : path;
}
