import { randomInt } from 'node:crypto';
import { writtenForms } from '../../text/masking.ts';

/** The name of a token that the lab issued, where it is masked. */
export const accessToken = 'access token';

/** Secrets made for one lab. Wherever one appears, it leaked, and no real secret is lost. */
export interface Canaries {
  /** Variable → value, for the environment of the server under test. */
  values: Readonly<Record<string, string>>;
  /** Masks a secret that was made later. It is not in the server's environment. */
  add: (name: string, value: string) => void;
  /** Masks a secret of the lab itself, as `<lab credential>`. It does not count as a leak. */
  conceal: (value: string) => void;
  /** The text with every canary replaced by its name: `<canary OPENWEATHER_API_KEY>`. */
  mask: (text: string) => string;
  /** The beginning of a text, masked, without a part of a canary at the cut. */
  beginning: (text: string, characters: number) => string;
  /** The names of those in the text, in any encoding. A short value of the user's own may be an ordinary word: it is only masked. */
  namesIn: (text: string) => string[];
  /** The same for a record of several texts, which has no such field without any. */
  leaksIn: (...texts: string[]) => { canaries?: string[] };
}

/** Like the keys of common services. No character needs an escape anywhere. */
const canaryLength = 40;
/** Shorter forms may be ordinary words. */
const shortestMasked = 6;
const shortestLeak = 16;
const alphabet = 'abcdefghijklmnopqrstuvwxyz0123456789';

/**
 * @param names of the variables that hold secrets
 * @param given secrets whose value the user has set, which are masked too
 * @param besides secrets that the server may read elsewhere, which are masked too
 */
export function createCanaries(
  names: readonly string[],
  given: Readonly<Record<string, string>> = {},
  besides: readonly { name: string; value: string }[] = [],
): Canaries {
  const values = Object.fromEntries(
    names.map((name) => [name, Object.hasOwn(given, name) ? (given[name] ?? '') : randomValue()]),
  );
  const all: [string, string][] = [
    ...Object.entries({ ...given, ...values }),
    ...besides.map(({ name, value }): [string, string] => [name, value]),
  ];
  let forms = longestFirst(all.flatMap(formsOf));
  const mask = (text: string) =>
    forms.reduce(
      (result, { name, form }) =>
        result.replaceAll(form, name === null ? '<lab credential>' : `<canary ${name}>`),
      text,
    );
  const add = (name: string | null, value: string) => {
    if (!forms.some(({ form }) => form === value))
      forms = longestFirst([...forms, ...formsOf([name, value])]);
  };
  const namesIn = (text: string) => {
    const found = forms.filter(({ form }) => form.length >= shortestLeak && text.includes(form));
    return [...new Set(found.flatMap(({ name }) => name ?? []))];
  };
  return {
    values,
    add,
    conceal: (value) => add(null, value),
    mask,
    // A canary that begins before the cut is masked as a whole.
    beginning: (text, characters) =>
      mask(text.slice(0, characters + (forms[0]?.form.length ?? 0))).slice(0, characters),
    namesIn,
    leaksIn: (...texts) => {
      const names = [...new Set(texts.flatMap(namesIn))];
      return names.length > 0 ? { canaries: names } : {};
    },
  };
}

interface Form {
  /** Null: a secret of the lab itself. */
  name: string | null;
  form: string;
}

/** All encodings of a secret, and of each of its lines: a multi-line key may be printed line by line. */
function formsOf([name, value]: [string | null, string]): Form[] {
  return [...new Set([value, ...value.split(/\r?\n/)])]
    .flatMap(writtenForms)
    .filter((form) => form.length >= shortestMasked)
    .map((form) => ({ name, form }));
}

function longestFirst(forms: Form[]): Form[] {
  return forms.sort((left, right) => right.form.length - left.form.length);
}

/** A value for a canary. It begins with a letter, because some servers check that. */
export function randomValue(): string {
  const letters = Array.from({ length: canaryLength - 1 }, () => alphabet.charAt(randomInt(alphabet.length)));
  return alphabet.charAt(randomInt(26)) + letters.join('');
}
