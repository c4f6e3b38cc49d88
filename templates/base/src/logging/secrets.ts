// Variables that hold a secret by their name. A file's path is none.
const secretName = /(KEYS?|TOKENS?|SECRETS?|PASSWORDS?|CREDENTIALS?|HEADERS|WEBHOOK_URL)$/i;
// What is shorter would match by chance.
const minLength = 8;

/**
 * The secrets in an environment, in every form in which they may turn up in a text: as they are, in JSON and in a URL.
 * Lists (`name:key,name:key`, `header=value`) count entry by entry, and so does the password in a URL.
 */
export function secretsIn(env: NodeJS.ProcessEnv): readonly string[] {
  const found = new Set<string>();
  for (const [name, value = ''] of Object.entries(env)) {
    if (secretName.test(name)) {
      for (const entry of [value, ...value.split(',')]) {
        found.add(entry.trim());
        const named = entry.replace(/^[^:=]*[:=]/, '').trim();
        found.add(named);
        found.add(decoded(named));
      }
    }
    if (value.includes('@') && URL.canParse(value)) {
      const { password } = new URL(value);
      found.add(password);
      found.add(decoded(password));
    }
  }
  const secrets = [...found].filter((text) => text.length >= minLength);
  const forms = secrets.flatMap((text) => [
    text,
    JSON.stringify(text).slice(1, -1),
    encodeURIComponent(text),
    new URLSearchParams({ '': text }).toString().slice(1),
  ]);
  // The longest first, so that no rest of one is left when it holds another.
  return [...new Set(forms)].sort((one, other) => other.length - one.length);
}

/** `text` without the secrets. */
export function hide(secrets: readonly string[], text: string): string {
  let hidden = text;
  for (const secret of secrets) {
    if (hidden.includes(secret)) hidden = hidden.replaceAll(secret, '[secret]');
  }
  return hidden;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
