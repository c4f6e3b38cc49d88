import path from 'node:path';

/** Parts of a name that say that the file shows which variables there are, and holds none. */
const samples = new Set([
  'default',
  'defaults',
  'dist',
  'example',
  'sample',
  'schema',
  'template',
  'tpl',
  'vault',
]);

/** `.env`, `.env.local`, `.env.production`; not `.env.example`. */
export function isEnvFile(file: string): boolean {
  const name = path.posix.basename(file);
  if (name !== '.env' && !name.startsWith('.env.')) return false;
  return !name
    .toLowerCase()
    .split(/[.-]/)
    .some((part) => samples.has(part));
}

/** Whether an environment file gives at least one variable a value that is not empty. */
export function holdsValues(text: string): boolean {
  return text.split(/\r?\n/).some((line) => {
    const value = /^\s*(?:export\s+)?[A-Za-z_][\w.-]*\s*[=:](.*)$/.exec(line)?.[1]?.trim();
    return value !== undefined && !/^(?:#.*|""|'')?(?:\s+#.*)?$/.test(value);
  });
}
