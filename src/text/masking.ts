import { pageText } from './page-text.ts';
import { lineCharacters, singleLine } from './printable.ts';
import { maskSecretAtCut, maskSecrets, namedSecret, secretReach, secretsIn } from './secrets/catalogue.ts';
import { credentialScheme, namesCredential } from './secrets/names.ts';

/** Replaces a masked value. */
export const mask = '***';

/** Shorter values are ordinary words and digits. Masking them would only destroy evidence. */
const shortestMasked = 4;
const shortestEcho = 6;

export type Masker = ReturnType<typeof createMasker>;

/**
 * Creates the masker of one audit. It also masks values with the form of a secret.
 *
 * @param secrets values that the audit sends and never records
 * @param named the server's own secrets by variable
 * @param concealed other values to mask
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

  /** Reads only the first characters and those of a secret at the cut, so the rest costs no time. */
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
    /** The text without the given secrets, in any encoding, and without values that have the form of a secret. */
    text,
    /** The beginning of a text, without secrets and without a piece of one at the cut. The rest costs no time. */
    beginning: (value: string, characters: number): string =>
      withoutPiece(masked(value, characters)).slice(0, characters),
    /** The beginning as one line without control characters. An ellipsis replaces the rest. */
    line,
    /** The URL with all query values and user info masked. */
    url: (url: URL): string => {
      const query = [...url.searchParams].map(([name]) => `${encodeURIComponent(name)}=${mask}`).join('&');
      return text(`${url.protocol}//${url.host}${url.pathname}${query === '' ? '' : `?${query}`}`);
    },
    /** The value of a sent header. A credential keeps only its scheme. */
    sentHeader: (name: string, value: string): string => {
      // The session of this id ends with the audit.
      if (!namesCredential(name) || name === 'mcp-session-id') return text(value);
      return `${credentialScheme.exec(value)?.[0] ?? ''}${mask}`;
    },
    /** The value of a received header on one line. A cookie keeps only its name. */
    receivedHeader: (name: string, value: string, characters?: number): string =>
      line(name === 'set-cookie' ? value.replace(/^([^=;]*)=[^;]*/, `$1=${mask}`) : value, characters),
    /** Characters of the longest secret in its longest encoding. */
    longest,
    /** Characters beyond the cut that `beginning` needs. */
    reach,
    /**
     * The kinds of secrets in a response, by their form or as a named one. Secrets that the audit sent do not count, nor those in
     * the `request`.
     */
    exposed: (value: string, request?: string): string[] => {
      const unknown = withoutGiven(value);
      const shown = own.filter((secret) => secret.forms.some((form) => value.includes(form)));
      return [
        ...shown.map(({ name }) => namedSecret(name)),
        ...(secretsIn(unknown).length === 0 ? [] : secretsIn(pageText(unknown), request)),
      ];
    },
    /** Whether the text contains a value that the audit sent. */
    echoes: (value: string): boolean => echoForms.some((form) => value.includes(form)),
  };
}

/** The index of the longest piece of the form at the end of the text. -1: it has none, or one too short to mask. */
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

/** The encodings in which a value can come back: unchanged, percent-encoded, in JSON, in HTML, in base64. */
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
 * Base64 of the value alone, and the characters that stay the same at any position in a longer text, if they are enough to
 * recognise the value (RFC 4648 section 4: three bytes become four characters).
 */
function base64Forms(secret: string): string[] {
  const bytes = Buffer.from(secret, 'utf8');
  const forms = [bytes.toString('base64').replace(/(?<!=)=+$/, '')];
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
