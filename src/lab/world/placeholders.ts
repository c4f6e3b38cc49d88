/** What stands for a number that only a launch knows. */
export interface Placeholders {
  /** Where the program is to listen. */
  PORT: number;
  /** Where clients reach it; default: where it listens. */
  PUBLIC_PORT?: number;
}

/** The text with `${PORT}` and `${PUBLIC_PORT}` filled in. Nothing else is touched: a shell may have its own variables. */
export function fillIn(text: string, { PORT, PUBLIC_PORT = PORT }: Placeholders): string {
  return put(text, { PORT: String(PORT), PUBLIC_PORT: String(PUBLIC_PORT) });
}

/** The same for every value of an environment. */
export function fillInAll(
  environment: Readonly<Record<string, string>>,
  placeholders: Placeholders,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(environment).map(([name, value]) => [name, fillIn(value, placeholders)]),
  );
}

/** Every value of an environment with secrets in the place of their names: `one:${MCP_API_KEY}`. */
export function fillInSecrets(
  environment: Readonly<Record<string, string>>,
  secrets: Readonly<Record<string, string>>,
): Record<string, string> {
  return Object.fromEntries(Object.entries(environment).map(([name, value]) => [name, put(value, secrets)]));
}

/** In one pass, so that nothing is looked for in what was filled in. */
function put(text: string, values: Readonly<Record<string, string>>): string {
  return text.replace(/\$\{(\w+)\}/g, (placeholder, name) =>
    Object.hasOwn(values, name) ? (values[name] ?? placeholder) : placeholder,
  );
}
