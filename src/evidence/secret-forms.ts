/** A secret that shows by its form: the shapes that vendors give their keys, and RFC 7468 its private keys. */
interface SecretForm {
  /** For a person: "a GitHub token". */
  kind: string;
  pattern: RegExp;
  /** What stands in its place. */
  mask: string;
}

/**
 * Where a value can begin: not within a word, but right after what stands for one character in JSON, in a URL or on a
 * terminal ("\nAKIA...", "%20AKIA...", a colour).
 */
const start = String.raw`(?:(?<!\w)|(?<=\\[bfnrt])|(?<=\\u[\dA-Fa-f]{4})|(?<=%[\dA-Fa-f]{2})|(?<=\[[\d;]{0,20}m))`;

/** A parameter that holds a key, in a URL as it is written in text, JSON or HTML. */
const keyParameter = String.raw`(?:[?&]|&amp;|\\u0026)(?:appid|api_?key|key|token|access_token|secret)=`;
const url = String.raw`https?:(?:\\?\/){2}[^\s"'<>]{1,600}`;

/** To the end of the key where there is one, else as far as it goes on like one. */
const privateKey =
  /-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----(?:[^"]{0,16384}?-----END [A-Z ]{0,30}PRIVATE KEY-----|(?:[A-Za-z0-9+/=\s]|\\{1,4}[nrt/])*)/g;

const forms: readonly SecretForm[] = [
  { kind: 'a private key', pattern: privateKey, mask: '<private key>' },
  {
    kind: 'an AWS access key id',
    pattern: value('AKIA', '[0-9A-Z]{16}(?!\\w)'),
    mask: '<AWS access key id>',
  },
  { kind: 'a GitHub token', pattern: value('gh[pousr]_', '[A-Za-z0-9]{36}(?!\\w)'), mask: '<GitHub token>' },
  { kind: 'a Slack token', pattern: value('xox[abprs]-', '[\\w-]{10,}'), mask: '<Slack token>' },
  { kind: 'a Google API key', pattern: value('AIza', '[\\w-]{35}(?![\\w-])'), mask: '<Google API key>' },
  {
    kind: 'an API key',
    pattern: value('sk-', '(?=[\\w-]*[0-9])(?=[\\w-]*[A-Z])[\\w-]{20,}'),
    mask: '<API key>',
  },
  {
    kind: 'a URL with a key in it',
    pattern: new RegExp(String.raw`(?<=${url}${keyParameter})[\w.-]{16,}`, 'gi'),
    mask: '<key>',
  },
];

/** What a text that was cut off within a secret ends with. */
const piece = new RegExp(
  `(?:${[
    shape('AKIA', '[0-9A-Z]+'),
    shape('gh[pousr]_', '[A-Za-z0-9]+'),
    shape('xox[abprs]-', '[\\w-]+'),
    shape('AIza', '[\\w-]+'),
    shape('sk-', '[\\w-]{8,}'),
    `(?<=${keyParameter})[\\w.-]{1,15}`,
  ].join('|')})$`,
);

/** So many characters of a text tell whether a secret begins before them. */
export const secretReach = 1024;

/** The text with a mask in the place of every secret that shows by its form. JSON stays JSON. */
export function maskSecrets(text: string): string {
  return forms.reduce((result, { pattern, mask }) => result.replace(pattern, mask), text);
}

/** The text without a piece of such a secret at its end. */
export function maskSecretAtCut(text: string): string {
  const at = text.slice(-secretReach).search(piece);
  return at < 0 ? text : `${text.slice(0, Math.max(0, text.length - secretReach) + at)}<cut off>`;
}

/** The kinds of secrets in the text, each once. Never a value. */
export function secretsIn(text: string): string[] {
  return forms.filter(({ pattern }) => text.search(pattern) >= 0).map(({ kind }) => kind);
}

/** The kind of a secret whose variable is known, because the audit itself gave it. */
export const namedSecret = (variable: string): string => `the secret ${variable}`;

/** The start is looked at after the head is found: heads are rare, and finding them first takes a tenth of the time. */
function shape(head: string, rest: string): string {
  return `${head}(?<=${start}${head})${rest}`;
}

function value(head: string, rest: string): RegExp {
  return new RegExp(shape(head, rest), 'g');
}
