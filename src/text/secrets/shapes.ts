/** As a match of a pattern. */
interface Found {
  0: string;
  index: number;
}

/** A secret that shows by its form, whatever it is called. */
interface Shape {
  /** Completes "this is …". */
  kind: string;
  pattern: RegExp | ((text: string) => Iterable<Found>);
  /** Rules out what only looks like one. */
  except?: (text: string) => boolean;
}

const shapes: Shape[] = [
  {
    kind: 'an AWS access key id',
    pattern: /\b(?:AKIA|ASIA)[A-Z2-7]{16}\b/g,
    // The id that AWS uses in its documentation.
    except: (text) => text.endsWith('EXAMPLE'),
  },
  {
    kind: 'a GitHub token',
    pattern: /\b(?:gh[pousr]_[A-Za-z0-9]{36,255}|github_pat_[A-Za-z0-9_]{50,255})\b/g,
  },
  { kind: 'a GitLab token', pattern: /\bglpat-[A-Za-z0-9_-]{20,100}/g },
  { kind: 'an npm token', pattern: /\bnpm_[A-Za-z0-9]{36}\b/g },
  {
    kind: 'a Slack token',
    pattern: /\bxox[abeoprs]-[A-Za-z0-9-]{20,255}/g,
    except: (text) => !/\d/.test(text),
  },
  {
    kind: 'a Slack webhook address',
    pattern: /\bhooks\.slack\.com\/services\/T[A-Z0-9]{8,12}\/B[A-Z0-9]{8,12}\/[A-Za-z0-9]{20,40}/g,
  },
  { kind: 'a Google API key', pattern: /\bAIza[A-Za-z0-9_-]{35}(?![A-Za-z0-9_-])/g },
  {
    kind: 'a Stripe secret key',
    pattern: /\b[rs]k_(?:live|test)_[A-Za-z0-9]{20,250}\b/g,
  },
  {
    kind: 'a secret key that starts with sk-',
    // With a digit and an upper-case letter, so that no CSS class or host name is taken for one.
    pattern: /(?<![A-Za-z0-9_-])sk-(?=[A-Za-z_-]{0,250}\d)(?=[a-z0-9_-]{0,250}[A-Z])[A-Za-z0-9_-]{20,250}/g,
  },
  {
    kind: 'a JSON Web Token',
    pattern: webTokens,
    except: isPublicToken,
  },
  {
    kind: 'a private key',
    // Followed by its body: a search for the first line alone is no key.
    pattern:
      /-----BEGIN (?:[A-Z]{2,10} )?PRIVATE KEY-----(?:\s|\\[rn]){1,4}[A-Za-z0-9+/=]{32,}[A-Za-z0-9+/=\s\\]{0,20000}(?:-----END [A-Z ]{0,20}PRIVATE KEY-----)?/g,
  },
];

/** Characters of a JSON Web Token's first part, after the `eyJ` that every one begins with. */
const longestHeader = 500;
const shortestHeader = 10;

/** Looks for the second part first: where that is, the first one ends. */
function* webTokens(text: string): Iterable<Found> {
  const rest = /\.eyJ[A-Za-z0-9_-]{10,4000}\.[A-Za-z0-9_-]{20,1000}/g;
  let from = 0;
  for (let found = rest.exec(text); found !== null; found = rest.exec(text)) {
    const begin = headerBegin(text, from, found.index);
    if (begin === undefined) {
      rest.lastIndex = found.index + 1;
      continue;
    }
    from = rest.lastIndex;
    yield { 0: text.slice(begin, from), index: begin };
  }
}

/** Where a header begins that ends at `end`; undefined: there is none after `from`. */
function headerBegin(text: string, from: number, end: number): number | undefined {
  const earliest = Math.max(from, end - longestHeader - 'eyJ'.length);
  const run = text.slice(earliest, end).search(/(?<![A-Za-z0-9_-])[A-Za-z0-9_-]*$/);
  const begins = /\beyJ/g;
  begins.lastIndex = earliest + run;
  const begin = begins.exec(text)?.index ?? end;
  return end - begin >= shortestHeader + 'eyJ'.length ? begin : undefined;
}

/** Tokens that are made to be published say so in their payload (Supabase: `"role":"anon"`). */
function isPublicToken(token: string): boolean {
  const payload = Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8');
  return /"role"\s*:\s*"anon"/.test(payload);
}

/** Documentation shows the form of a key with a filler in it. */
function isStandIn(text: string): boolean {
  return /x{8}|X{8}|0{12}|\*{4}|EXAMPLE|YOUR|your/.test(text);
}

export interface ShapedSecret {
  kind: string;
  text: string;
  index: number;
}

/** More of one kind in one text say nothing new. */
const findingLimit = 100;

/** Secrets that a text shows by its form, in no order, at most 100 of a kind. */
export function findShapes(text: string): ShapedSecret[] {
  const found: ShapedSecret[] = [];
  for (const { kind, pattern, except } of shapes) {
    let count = 0;
    for (const match of typeof pattern === 'function' ? pattern(text) : text.matchAll(pattern)) {
      if (except?.(match[0]) || isStandIn(match[0])) continue;
      found.push({ kind, text: match[0], index: match.index });
      if (++count === findingLimit) break;
    }
  }
  return found;
}
