import { breathe, never } from '../breathe.ts';
import { groupBy } from '../group-by.ts';
import { masked } from './literal-secrets.ts';

/** Names that tie evidence together; a secret that equals one of them is given away by that name anyway. */
const structural = new Set(`name file files directory kind context dockerfile line from`.split(/\s+/));

/** Characters of the shortest value that is distinctive, and of the beginnings by which they are looked for. */
const beginning = 6;

/**
 * Whether a value can only be the secret where it turns up. A password that is a common word, `nextcloud` for the image
 * `nextcloud`, is masked where it is given and nowhere else: evidence full of holes would mislead.
 */
function isDistinctive(value: string): boolean {
  return value.length >= 16 || (value.length >= beginning && !/^[A-Za-z]*$/.test(value));
}

/**
 * Evidence without any of these values, wherever a file repeated them: in a command, in an address, in a log option. It
 * takes one pass, however many values there are, and is not ended early.
 *
 * @param values literal secrets that were found
 */
export async function maskEvidence<T>(evidence: T, values: Iterable<string>): Promise<T> {
  const secrets = [...values].filter(isDistinctive).sort((a, b) => b.length - a.length);
  if (secrets.length === 0) return evidence;
  const byBeginning = groupBy(secrets, (secret) => secret.slice(0, beginning));
  const clean = async (value: unknown): Promise<unknown> => {
    if (typeof value === 'string') return maskIn(value, byBeginning);
    if (typeof value !== 'object' || value === null) return value;
    await breathe(never);
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
function maskIn(text: string, byBeginning: Map<string, string[]>): string {
  let result = '';
  let shown = 0;
  let covered = 0;
  for (let index = 0; index + beginning <= text.length; index++) {
    const candidates = byBeginning.get(text.slice(index, index + beginning));
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
