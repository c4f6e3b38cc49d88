import type { Span } from '../next-match.ts';
import { parameterStart, type SecretFormat, start } from './format.ts';

/** Characters of the header of a JSON Web Token, after its `eyJ`. */
const longestHeader = 500;
const shortestHeader = 10;

const opening = new RegExp(`eyJ(?<=${start}eyJ)`, 'g');
const lastRun = /(?<![\w.-])[\w.-]*$/;
const piece = /^eyJ[\w-]{1,500}(?:\.(?:e|ey|eyJ[\w-]{0,4000}(?:\.[\w-]{0,1000})?)?)?$/;
const inLink = new RegExp(String.raw`${parameterStart}[\w.-]{1,50}=$`);

/** RFC 7519. */
export const webToken: SecretFormat = {
  kind: 'a JSON Web Token',
  mask: '<JSON Web Token>',
  find: webTokens,
  pieceAt: tokenPieceAt,
  // A token in a link is meant for its reader.
  isReported: (token, before) => !isPublic(token) && !inLink.test(before.slice(-60)),
};

/** Finds the second part first. The header ends before it. */
function* webTokens(text: string, cut: boolean): Iterable<Span> {
  const rest = /\.eyJ[A-Za-z0-9_-]{10,4000}\.[A-Za-z0-9_-]{20,1000}/g;
  let from = 0;
  for (let found = rest.exec(text); found !== null; found = rest.exec(text)) {
    const begin = headerBegin(text, from, found.index);
    if (begin === undefined) {
      rest.lastIndex = found.index + 1;
      continue;
    }
    from = rest.lastIndex;
    yield { start: begin, end: from };
  }
  const last = cut ? tokenPieceAt(text) : -1;
  if (last >= from) yield { start: last, end: text.length };
}

/** The index of a header that ends at `end`. Undefined: there is none after `from`. */
function headerBegin(text: string, from: number, end: number): number | undefined {
  const earliest = Math.max(from, end - longestHeader - 'eyJ'.length);
  const run = text.slice(earliest, end).search(/(?<![A-Za-z0-9_-])[A-Za-z0-9_-]*$/);
  opening.lastIndex = earliest + run;
  const begin = opening.exec(text)?.index ?? end;
  return end - begin >= shortestHeader + 'eyJ'.length ? begin : undefined;
}

function tokenPieceAt(text: string): number {
  opening.lastIndex = text.search(lastRun);
  for (let found = opening.exec(text); found !== null; found = opening.exec(text)) {
    if (piece.test(text.slice(found.index))) return found.index;
  }
  return -1;
}

/** The payload of a public token says so (Supabase: `"role":"anon"`). */
function isPublic(token: string): boolean {
  const payload = Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8');
  return /"role"\s*:\s*"anon"/.test(payload);
}
