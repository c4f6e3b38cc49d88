import Handlebars from 'handlebars';

/** The values that templates may use. Each is inert where it goes: names follow npm's rules, the key is hexadecimal. */
export interface TemplateValues {
  name: string;
  mcpApiKey: string;
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

/** Where a template goes: `_gitignore` becomes `.gitignore` (npm renames or drops such files in packages), `.hbs` goes. */
export function renderedPath(templatePath: string): string {
  return templatePath.replace(/\.hbs$/, '').replace(/(^|\/)_(?=[^/]+$)/, '$1.');
}
