import { masked } from './literal-secrets.ts';

/** Names that tie evidence together; a secret that equals one of them is given away by that name anyway. */
const structural = new Set([
  'name',
  'file',
  'files',
  'directory',
  'kind',
  'context',
  'dockerfile',
  'line',
  'from',
]);

/**
 * Whether a value can only be the secret where it turns up. A password that is a common word, `nextcloud` for the image
 * `nextcloud`, is masked where it is given and nowhere else: evidence full of holes would mislead.
 */
function isDistinctive(value: string): boolean {
  return value.length >= 16 || (value.length >= 6 && !/^[A-Za-z]*$/.test(value));
}

/**
 * Evidence without any of these values, wherever a file repeated them: in a command, in an address, in a log option.
 *
 * @param values literal secrets that were found
 */
export function maskEvidence<T>(evidence: T, values: Iterable<string>): T {
  const secrets = [...values].filter(isDistinctive).sort((a, b) => b.length - a.length);
  if (secrets.length === 0) return evidence;
  const clean = (value: unknown): unknown => {
    if (typeof value === 'string') {
      return secrets.reduce(
        (text, secret) => (text.includes(secret) ? text.replaceAll(secret, masked) : text),
        value,
      );
    }
    if (Array.isArray(value)) return value.map(clean);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [key, structural.has(key) ? item : clean(item)]),
    );
  };
  return clean(evidence) as T;
}
