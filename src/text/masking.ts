import { pageText } from './page-text.ts';
import { lineCharacters, singleLine } from './printable.ts';
import { maskSecretAtCut, maskSecrets, namedSecret, secretReach, secretsIn } from './secrets/catalogue.ts';
import { credentialScheme, namesCredential } from './secrets/names.ts';

/** What stands where something was taken out. */
export const mask = '***';

/** Shorter values are ordinary words and digits: masking them would eat the evidence and hide nothing. */
const shortestMasked = 4;
const shortestEcho = 6;

export type Masker = ReturnType<typeof createMasker>;

/**
 * @param secrets values that are sent and may never be recorded, as given; what else is a secret shows by its form
 * @param named secrets of the server itself, by the variable that holds each
 * @param concealed values that are masked, and neither sent nor secrets of the server
 */
export function createMasker(
  secrets: string[],
  named: Readonly<Record<string, string>> = {},
  concealed: readonly string[] = [],
) {
  const sent = formsOf(secrets);
  const own = Object.entries(named)
    .filter(([, value]) => !secrets.includes(value))
    .map(([name, value]) => ({ name, forms: formsOf([value]) }));
  const forms = [...sent, ...own.flatMap((secret) => secret.forms), ...formsOf(concealed)].sort(
    (left, right) => right.length - left.length,
  );
  const echoForms = sent.filter((form) => form.length >= shortestEcho);
  const longest = forms[0]?.length ?? 0;

  const reach = longest + secretReach;

  const withoutGiven = (value: string) =>
    forms.reduce((result, form) => result.replaceAll(form, mask), value);
  const text = (value: string): string => maskSecrets(withoutGiven(value));

  const withoutPieceAtEnd = (value: string) => {
    const before = Math.max(0, value.length - longest);
    const end = value.slice(before);
    const starts = forms.map((form) => pieceAt(end, form)).filter((at) => at >= 0);
    return starts.length === 0 ? value : value.slice(0, before + Math.min(...starts)) + mask;
  };

  /** The first characters, and as many beyond them as a secret at the cut can have; what follows costs no time. */
  const masked = (value: string, characters: number) => {
    const cut = value.length > characters + reach;
    return maskSecrets(withoutGiven(cut ? value.slice(0, characters + reach) : value), cut);
  };
  const withoutPiece = (value: string) => maskSecretAtCut(withoutPieceAtEnd(value));
  const line = (value: string, characters = lineCharacters): string =>
    value.length > characters + reach
      ? singleLine(`${withoutPiece(masked(value, characters))}…`, characters)
      : singleLine(text(value), characters);

  return {
    /** The text without the given secrets, in whatever form they are written, and without what shows by its form to be one. */
    text,
    /** The beginning of a text, without secrets and without a piece of one at the cut. The rest of it costs no time. */
    beginning: (value: string, characters: number): string =>
      withoutPiece(masked(value, characters)).slice(0, characters),
    /** The same as one line without control characters; an ellipsis shows that something is missing. */
    line,
    /** The URL with all query values and user info masked. */
    url: (url: URL): string => {
      const query = [...url.searchParams].map(([name]) => `${encodeURIComponent(name)}=${mask}`).join('&');
      return text(`${url.protocol}//${url.host}${url.pathname}${query === '' ? '' : `?${query}`}`);
    },
    /** A sent header's value; credentials keep their scheme and lose the rest. */
    sentHeader: (name: string, value: string): string => {
      // The server chose the session id, and it ends with the audit.
      if (!namesCredential(name) || name === 'mcp-session-id') return text(value);
      return `${credentialScheme.exec(value)?.[0] ?? ''}${mask}`;
    },
    /** A received header's value on one line; a cookie that the server sets keeps its name only. */
    receivedHeader: (name: string, value: string, characters?: number): string =>
      line(name === 'set-cookie' ? value.replace(/^([^=;]*)=[^;]*/, `$1=${mask}`) : value, characters),
    /** Characters of the longest secret in its longest form. */
    longest,
    /** Characters beyond the cut that `beginning` has use for. */
    reach,
    /**
     * The kinds of secrets that a text shows: by their form, or as one of the named ones. The sent ones are not among them,
     * nor what stands in the request that was `asked`: an answer that repeats it tells nothing new.
     */
    exposed: (value: string, asked?: string): string[] => {
      const told = withoutGiven(value);
      const shown = own.filter((secret) => secret.forms.some((form) => value.includes(form)));
      return [
        ...shown.map(({ name }) => namedSecret(name)),
        ...(secretsIn(told).length === 0 ? [] : secretsIn(pageText(told), asked)),
      ];
    },
    /** Whether one of the values that were sent stands in the text. */
    echoes: (value: string): boolean => echoForms.some((form) => value.includes(form)),
  };
}

/** Where the longest piece of the form begins that the text ends with; -1 when none is as long as to be masked. */
function pieceAt(text: string, form: string): number {
  const head = form.slice(0, shortestMasked);
  for (let at = text.indexOf(head, text.length - form.length); at >= 0; at = text.indexOf(head, at + 1)) {
    if (form.startsWith(text.slice(at))) return at;
  }
  return -1;
}

/** Longest first. */
function formsOf(secrets: readonly string[]): string[] {
  const forms = secrets.filter((secret) => secret.length >= shortestMasked).flatMap(writtenForms);
  return [...new Set(forms)].sort((left, right) => right.length - left.length);
}

/** The ways in which a value comes back: as it is, percent-encoded, inside JSON or HTML, in base64. */
export function writtenForms(secret: string): string[] {
  const percent = percentEncoded(secret);
  const html = secret
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
  return [
    secret,
    percent,
    percent.toLowerCase() === percent
      ? percent
      : percent.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()),
    new URLSearchParams({ v: secret }).toString().slice(2),
    JSON.stringify(secret).slice(1, -1),
    html,
    html.replaceAll("'", '&#39;'),
    ...base64Forms(secret),
  ];
}

function percentEncoded(secret: string): string {
  try {
    return encodeURIComponent(secret);
  } catch {
    return secret; // a lone surrogate has no percent-encoded form
  }
}

/**
 * Base64 of the value alone and, for values long enough to be recognised, the characters that stay the same wherever
 * the value stands in a longer text (RFC 4648 section 4: three bytes become four characters).
 */
function base64Forms(secret: string): string[] {
  const whole = Buffer.from(secret, 'utf8')
    .toString('base64')
    .replace(/(?<!=)=+$/, '');
  const forms = [whole];
  const bytes = Buffer.from(secret, 'utf8');
  for (const before of [0, 1, 2]) {
    const start = before === 0 ? 0 : 4;
    const total = bytes.length + before;
    const end = Math.floor(total / 3) * 4;
    const inner = Buffer.concat([Buffer.alloc(before), bytes])
      .toString('base64')
      .slice(start, end);
    if (inner.length >= 12) forms.push(inner);
  }
  return forms.flatMap((form) => [form, form.replaceAll('+', '-').replaceAll('/', '_')]);
}
