import { nextMatch, type Span } from '../next-match.ts';
import type { SecretFormat } from './format.ts';

/** Characters between the beginning and the end of a private key. A longer text is no key. */
const longestKey = 16 * 1024;

/** The first line alone is no key. Headers may come before the body (RFC 1421, section 4.4). */
const withBody =
  /^-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----(?:\s|\\{1,4}[nr]){1,8}(?:[A-Z][\w-]{1,30}: [^\n\\]{1,80}(?:\s|\\{1,4}[nr]){1,8}){0,4}[A-Za-z0-9+/=\\]{32}/;

/** RFC 7468, and the older forms with headers. */
export const privateKey: SecretFormat = {
  kind: 'a private key',
  mask: '<private key>',
  find: privateKeys,
  pieceAt: () => -1,
  isReported: (key) => withBody.test(key),
};

/** Each key to its end line, or to the first character that no key has. */
function* privateKeys(text: string, cut: boolean): Iterable<Span> {
  const begins = /-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----/g;
  const body = /(?:[A-Za-z0-9+/=\s]+|\\{1,4}[nrt/])*/y;
  const nextEnd = nextMatch(text, /-----END [A-Z ]{0,30}PRIVATE KEY-----/g);
  const nextQuote = nextMatch(text, /"/g);
  for (let begin = begins.exec(text); begin !== null; begin = begins.exec(text)) {
    const inside = begins.lastIndex;
    const limit = Math.min(nextQuote(inside).start, inside + longestKey);
    const end = nextEnd(inside);
    if (end.start <= limit) {
      begins.lastIndex = end.end;
    } else if (cut && text.length <= limit) {
      begins.lastIndex = text.length;
    } else {
      body.lastIndex = inside;
      body.exec(text);
      begins.lastIndex = body.lastIndex;
    }
    yield { start: begin.index, end: begins.lastIndex };
  }
}
