import { printable } from '../../text/printable.ts';

/**
 * Text of a server as one line of GitHub-flavoured Markdown that shows what it says and does nothing: no table cell, code,
 * HTML, link or image, no mention of a person and no reference to an issue.
 *
 * CommonMark 0.31 section 2.4: any ASCII punctuation may be escaped. Mentions, references and bare links are found in the
 * text after that, so a zero-width space takes them apart.
 *
 * @param limit longest text in UTF-16 units, before it is escaped
 */
export function inline(text: string, limit = 400): string {
  return printable(text, limit)
    .replace(/[\\`*_[\]<>|~#&!$]/g, '\\$&')
    .replace(/^[-+=]/, '\\$&')
    .replace(/^(\d+)([.)])/, '$1\\$2')
    .replace(/@|:(?=\/\/)|\bwww(?=\.)|#(?=\d)/gi, '$&&#8203;')
    .replace(/:(?=:)/g, ':&#8203;');
}

/** Text of a server as a span of code (CommonMark 0.31 section 6.1): between more backticks than it has in a row. */
export function code(text: string, limit = 200): string {
  const line = printable(text, limit);
  const longest = Math.max(0, ...(line.match(/`+/g) ?? []).map((run) => run.length));
  const fence = '`'.repeat(longest + 1);
  const space = /^[` ]|[` ]$/.test(line) ? ' ' : '';
  return `${fence}${space}${line}${space}${fence}`;
}
