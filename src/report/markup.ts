import { visible } from '../text/printable.ts';

/** Known to this file alone, so that no text and no parsed JSON can pass for markup. */
const source: unique symbol = Symbol('markup');

/** A piece of XML or HTML. */
export interface Markup {
  readonly [source]: string;
}

type Part = Markup | string | number | readonly Part[] | null;

/**
 * Template tag for XML and HTML: what is put in is escaped, in text and between double quotes alike, unless it was made
 * by this tag. Lists are joined, null is nothing. Controls become visible escapes (they are not allowed in XML 1.0), and
 * what a pipeline takes for a command at the beginning of a printed line is written with a character reference.
 */
export function markup(strings: TemplateStringsArray, ...parts: Part[]): Markup {
  return { [source]: strings.map((text, index) => text + written(parts[index] ?? null)).join('') };
}

/** The document that was made. */
export const markupText = (made: Markup): string => made[source];

function written(part: Part): string {
  if (part === null) return '';
  if (typeof part === 'string') return escaped(part);
  if (typeof part === 'number') return String(part);
  return source in part ? part[source] : part.map(written).join('');
}

const references: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const escaped = (text: string): string =>
  visible(text)
    .replace(/[&<>"']/g, (char) => references[char] ?? '')
    .replace(/:(?=:)/g, '&#58;')
    .replace(/#(?=#)/g, '&#35;');
