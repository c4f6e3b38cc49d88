import { SaxesParser } from 'saxes';

export interface Element {
  name: string;
  attributes: Record<string, string>;
  /** Directly in it, without that of elements within. */
  text: string;
}

/**
 * Every element of a document, in the order in which they begin.
 *
 * @throws Error for what is not well-formed XML 1.0
 */
export function elementsOf(xml: string): Element[] {
  const parser = new SaxesParser();
  const all: Element[] = [];
  const open: Element[] = [];
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('opentag', ({ name, attributes }) => {
    const element = { name, attributes, text: '' };
    all.push(element);
    open.push(element);
  });
  parser.on('text', (text) => {
    const element = open.at(-1);
    if (element) element.text += text;
  });
  parser.on('closetag', () => void open.pop());
  parser.write(xml).close();
  return all;
}

export const named = (elements: Element[], name: string): Element[] =>
  elements.filter((element) => element.name === name);
