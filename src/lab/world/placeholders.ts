export type Placeholders = Readonly<Record<string, string | number>>;

/** The port that the program has to listen on, and the one that clients reach. */
export function portPlaceholders(port: number, publicPort = port): Placeholders {
  return { PORT: port, PUBLIC_PORT: publicPort };
}

/** Replaces `${NAME}` for these names only: a shell may have variables of its own. Replaced text is not searched again. */
export function fillIn(text: string, values: Placeholders): string {
  return text.replace(/\$\{(\w+)\}/g, (placeholder, name) =>
    Object.hasOwn(values, name) ? String(values[name]) : placeholder,
  );
}

/** The same for every value of an environment. */
export function fillInAll<T extends string | undefined>(
  environment: Readonly<Record<string, T>>,
  values: Placeholders,
): Record<string, string | T> {
  return Object.fromEntries(
    Object.entries(environment).map(([name, value]) => [name, value && fillIn(value, values)]),
  );
}
