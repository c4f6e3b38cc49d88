import { visible } from '../text/printable.ts';

/** Private to this file: no text and no parsed JSON can pose as markup. */
const source: unique symbol = Symbol('markup');

/** A piece of XML or HTML. */
export interface Markup {
  readonly [source]: string;
}

type Part = Markup | string | number | readonly Part[] | null;

/**
 * Template tag for XML and HTML. It escapes every value for text and double quotes, except markup of its own. Lists are
 * joined; null adds nothing. Controls become visible escapes (XML 1.0 allows none), and a pipeline's command at the
 * beginning of a line becomes a character reference.
 */
export function markup(strings: TemplateStringsArray, ...parts: Part[]): Markup {
  return { [source]: strings.map((text, index) => text + written(parts[index] ?? null)).join('') };
}

/** The finished document. */
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
