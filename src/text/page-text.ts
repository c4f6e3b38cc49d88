import { nextMatch } from './next-match.ts';

/** Characters between the brackets of a tag. Anything longer is text. */
const longestTag = 2000;

/**
 * The visible text of a page: its markup and scripts have paths of the web and keys for browsers. Other text stays unchanged.
 * Takes time in proportion to the text.
 */
export function pageText(text: string): string {
  if (!/^\s*</.test(text)) return text;
  const shown = withoutElements(text);
  const plain = withoutTags(withoutTags(shown, /<(?:br|p|div|li|tr)\b/gi, '\n'), /</g, ' ');
  return plain.replace(/&(?:nbsp|quot|#39|#x27|lt|gt);/g, (entity) => entities.get(entity) ?? entity);
}

const entities = new Map(
  Object.entries({ '&nbsp;': ' ', '&quot;': '"', '&#39;': "'", '&#x27;': "'", '&lt;': '<', '&gt;': '>' }),
);

/** The page without its scripts and styles. */
function withoutElements(page: string): string {
  const script = nextMatch(page, /<\/script>/gi);
  const style = nextMatch(page, /<\/style>/gi);
  return replaced(
    page,
    /<(?:script|style)\b/gi,
    ' ',
    (inside, opened) => (opened.length === '<style'.length ? style(inside) : script(inside)).end,
  );
}

function withoutTags(page: string, opening: RegExp, replacement: string): string {
  const next = nextMatch(page, />/g);
  return replaced(page, opening, replacement, (inside) => {
    const close = next(inside);
    return close.start - inside > longestTag ? Number.POSITIVE_INFINITY : close.end;
  });
}

/**
 * Replaces every part that begins with `opening`.
 *
 * @param opening a global pattern
 * @param endOf the index after the part, by the index after its opening; infinity when it does not end
 */
function replaced(
  text: string,
  opening: RegExp,
  replacement: string,
  endOf: (inside: number, opened: string) => number,
): string {
  let result = '';
  let from = 0;
  for (let found = opening.exec(text); found !== null; found = opening.exec(text)) {
    const end = endOf(opening.lastIndex, found[0]);
    if (end === Number.POSITIVE_INFINITY) continue;
    result += text.slice(from, found.index) + replacement;
    from = end;
    opening.lastIndex = end;
  }
  return result + text.slice(from);
}
