import { groupBy } from '../group-by.ts';
import { neverAborted, pause } from '../pause.ts';
import { masked } from './literal-secrets.ts';

/** Fields that link evidence. They are not masked. */
const structural = new Set(`name file files directory kind context dockerfile line from`.split(/\s+/));

/** Characters of the shortest distinctive value. The search index has prefixes of this length. */
const prefixLength = 6;

/**
 * Whether every occurrence of a value is the secret. A password that is a common word, `nextcloud` for the image
 * `nextcloud`, is masked only where it is declared.
 */
function isDistinctive(value: string): boolean {
  return value.length >= 16 || (value.length >= prefixLength && !/^[A-Za-z]*$/.test(value));
}

/**
 * Masks these values throughout the evidence: in commands, addresses and log options. Takes one pass for any number of
 * values, and cannot be aborted.
 *
 * @param values literal secrets that were found
 */
export async function maskEvidence<T>(evidence: T, values: Iterable<string>): Promise<T> {
  const secrets = [...values].filter(isDistinctive).sort((a, b) => b.length - a.length);
  if (secrets.length === 0) return evidence;
  const byPrefix = groupBy(secrets, (secret) => secret.slice(0, prefixLength));
  const clean = async (value: unknown): Promise<unknown> => {
    if (typeof value === 'string') return maskIn(value, byPrefix);
    if (typeof value !== 'object' || value === null) return value;
    await pause(neverAborted);
    if (Array.isArray(value)) {
      const items: unknown[] = [];
      for (const item of value) items.push(await clean(item));
      return items;
    }
    const entries: [string, unknown][] = [];
    for (const [key, item] of Object.entries(value)) {
      entries.push([key, structural.has(key) ? item : await clean(item)]);
    }
    return Object.fromEntries(entries);
  };
  return (await clean(evidence)) as T;
}

/** Masks every stretch that one or several overlapping secrets cover. */
function maskIn(text: string, byPrefix: Map<string, string[]>): string {
  let result = '';
  let shown = 0;
  let covered = 0;
  for (let index = 0; index + prefixLength <= text.length; index++) {
    const candidates = byPrefix.get(text.slice(index, index + prefixLength));
    const secret = candidates?.find((candidate) => text.startsWith(candidate, index));
    if (secret === undefined) continue;
    if (index >= covered) {
      result += text.slice(shown, index) + masked;
      shown = covered = index + secret.length;
    }
    shown = covered = Math.max(covered, index + secret.length);
  }
  return shown === 0 ? text : result + text.slice(shown);
}
