import Handlebars from 'handlebars';
import type { ContainerImages } from './container-images.ts';
import type { ImageValues } from './image-values.ts';
import type { PackageManager } from './package-managers.ts';

/** The values that templates may use. None needs escaping: names follow npm's rules, the key is hexadecimal. */
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
  /** The score that the pipeline requires. */
  minScore: number;
}

const handlebars = Handlebars.create();
// JSON strings are valid string literals in JSON, TypeScript and YAML.
handlebars.registerHelper('json', (value: unknown) => JSON.stringify(value));

/**
 * Renders a template without HTML escaping. In JSON, YAML and TypeScript, templates use `{{json value}}`.
 *
 * @throws Error if the template uses a value that does not exist
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
 * The path of a template's file: `_github/_x` becomes `.github/.x` (npm packages cannot hold all dotfiles), `.hbs` is removed,
 * and values like `{{slug}}` are filled in.
 */
export function renderedPath(templatePath: string, values: TemplateValues): string {
  const path = templatePath.replace(/\.hbs$/, '').replace(/(^|\/)_/g, '$1.');
  return path.includes('{{') ? render(path, values) : path;
}
