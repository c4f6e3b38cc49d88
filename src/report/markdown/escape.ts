import { printable } from '../../text/printable.ts';

/**
 * Text of a server as one inert line of GitHub-flavoured Markdown: no table cell, code, HTML, link, image, mention or
 * reference.
 *
 * CommonMark 0.31 section 2.4: any ASCII punctuation may be escaped. GitHub finds mentions, references and bare links
 * after unescaping; a zero-width space splits them.
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

/** Text of a server as a code span (CommonMark 0.31 section 6.1): its fence is longer than any run of backticks in it. */
export function code(text: string, limit = 200): string {
  const line = printable(text, limit);
  const longest = Math.max(0, ...(line.match(/`+/g) ?? []).map((run) => run.length));
  const fence = '`'.repeat(longest + 1);
  const space = /^[` ]|[` ]$/.test(line) ? ' ' : '';
  return `${fence}${space}${line}${space}${fence}`;
}
