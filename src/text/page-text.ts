import { nextMatch } from './next-match.ts';

/** Characters between the brackets of a tag; what goes on for longer is text. */
const longestTag = 2000;

/**
 * What a page shows: the paths in its markup and scripts are paths of the web, not of the machine, and the keys in them
 * are meant for browsers. Text that is no page is left as it is. Takes time in proportion to the text, whatever it is.
 */
export function pageText(text: string): string {
  if (!/^\s*</.test(text)) return text;
  const shown = withoutElements(text);
  return withoutTags(withoutTags(shown, /<(?:br|p|div|li|tr)\b/gi, '\n'), /</g, ' ')
    .replaceAll('&nbsp;', ' ')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&#x27;', "'")
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>');
}

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
 * @param opening a global pattern
 * @param endOf the index after that which opened, by the index after its opening; infinity where it does not end
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
