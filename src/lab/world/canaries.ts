import { randomInt } from 'node:crypto';
import { writtenForms } from '../../text/masking.ts';

/** The name of a token that the lab issued, where it is masked. */
export const accessToken = 'access token';

/** Secrets made for one run. Wherever one shows up, it leaked there, and nothing is lost. */
export interface Canaries {
  /** Variable → value, for the environment of the server under test. */
  values: Readonly<Record<string, string>>;
  /** Masks a secret that was made later. The server does not get it from the environment. */
  add: (name: string, value: string) => void;
  /** Masks what the lab needs for itself, as `<lab credential>`. It is no secret of the server's: no leak is made of it. */
  conceal: (value: string) => void;
  /** The text with every canary replaced by its name: `<canary OPENWEATHER_API_KEY>`. */
  mask: (text: string) => string;
  /** The beginning of a text, masked, and without a piece of a canary at the cut. */
  beginning: (text: string, characters: number) => string;
  /**
   * The names of those that stand in the text, in whatever form they are written. A short value of the user's own may
   * be an ordinary word: it is masked, and no leak is made of it.
   */
  namesIn: (text: string) => string[];
}

/** As long as the keys of common services, and of their characters; nothing in it needs an escape anywhere. */
const canaryLength = 40;
const shortestLeak = 16;
const alphabet = 'abcdefghijklmnopqrstuvwxyz0123456789';

/**
 * @param names of the variables that hold secrets
 * @param given secrets with a value of the user's own, which are masked just the same
 * @param besides secrets that the server may find elsewhere and that are never given: they are masked as well
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
  const longest = () => forms[0]?.form.length ?? 0;
  const mask = (text: string) =>
    forms.reduce(
      (result, { name, form }) =>
        result.replaceAll(form, name === null ? '<lab credential>' : `<canary ${name}>`),
      text,
    );
  const remember = (name: string | null, value: string) => {
    if (!forms.some(({ form }) => form === value))
      forms = longestFirst([...forms, ...formsOf([name, value])]);
  };
  return {
    values,
    add: remember,
    conceal: (value) => remember(null, value),
    mask,
    // A canary that begins before the cut is whole in what is masked, so that no piece of it stays.
    beginning: (text, characters) => mask(text.slice(0, characters + longest())).slice(0, characters),
    namesIn: (text) => [
      ...new Set(
        forms.flatMap(({ name, form }) =>
          name !== null && form.length >= shortestLeak && text.includes(form) ? name : [],
        ),
      ),
    ],
  };
}

interface Form {
  /** Null: of the lab's own. */
  name: string | null;
  form: string;
}

/** Every way to write a secret. Shorter ones are ordinary words and digits. */
function formsOf([name, value]: [string | null, string]): Form[] {
  return partsOf(value)
    .flatMap(writtenForms)
    .filter((form) => form.length >= 6)
    .map((form) => ({ name, form }));
}

function longestFirst(forms: Form[]): Form[] {
  return forms.sort((left, right) => right.form.length - left.form.length);
}

/** The value, and each of its lines: a key of many lines is printed line by line. */
function partsOf(value: string): string[] {
  return [...new Set([value, ...value.split(/\r?\n/)])];
}

/** A value for a canary. Begins with a letter, as some checks of settings ask. */
export function randomValue(): string {
  const letters = Array.from({ length: canaryLength - 1 }, () => alphabet.charAt(randomInt(alphabet.length)));
  return alphabet.charAt(randomInt(26)) + letters.join('');
}
