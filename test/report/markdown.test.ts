import { micromark } from 'micromark';
import { gfm, gfmHtml } from 'micromark-extension-gfm';
import { describe, expect, it } from 'vitest';
import { code, inline } from '../../src/report/markdown/escape.ts';
import { markdownReport } from '../../src/report/markdown/markdown.ts';
import {
  extendedEvidence,
  goldenReports,
  hostileReport,
  hostileTexts,
  reportOf,
} from '../support/reports.ts';

/** As GitHub reads it, raw HTML included. */
const render = (text: string): string =>
  micromark(text, { allowDangerousHtml: true, extensions: [gfm()], htmlExtensions: [gfmHtml()] });

/** The names of tags that are not among these. */
const otherTags = (html: string, ...known: string[]): string[] =>
  [...html.matchAll(/<\/?([a-z][a-z0-9]*)/gi)].flatMap(([, name = '']) => (known.includes(name) ? [] : name));

/** What a person reads. */
const textOf = (html: string): string =>
  html
    .replace(/<[^>]*>/g, '')
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&quot;/g, '"')
    .replace(/&amp;/g, '&')
    .replaceAll('\u200b', '')
    .trim();

describe('the Markdown report', () => {
  it.each(Object.entries(goldenReports))('has only its own HTML, and no link or image: %s', (_, make) => {
    const own = ['h2', 'h3', 'p', 'strong', 'code', 'ol', 'ul', 'li', 'details', 'summary'];
    const table = ['table', 'thead', 'tbody', 'tr', 'th', 'td'];
    expect(otherTags(render(markdownReport(make())), ...own, ...table)).toEqual([]);
  });

  it.each(Object.entries(goldenReports))('has one table with a line for each row: %s', (_, make) => {
    const report = make();
    const html = render(markdownReport(report));
    expect(html.match(/<table>/g)).toHaveLength(1);
    expect(html.match(/<tr>/g)).toHaveLength(report.rows.length + 1);
    expect(html.match(/<td>/g)).toHaveLength(report.rows.length * 5);
  });

  it.each(hostileTexts.filter((text) => /^[\x20-\x7e]+$/.test(text)))(
    'shows text of a server as it is: %s',
    (text) => {
      const shown = text.replace(/##(?=\w*\[)/, '#\\u{23}');
      expect(otherTags(render(inline(text)), 'p')).toEqual([]);
      expect(textOf(render(inline(text)))).toBe(shown);
      expect(otherTags(render(`- ${inline(text)}`), 'ul', 'li')).toEqual([]);
      expect(textOf(render(`- ${inline(text)}`))).toBe(shown);
    },
  );

  it('keeps a finding in its cell', () => {
    const html = render(markdownReport(hostileReport()));
    expect(html).toMatch(/<td>required<\/td>\n<td>\| a \| b \| /);
  });

  it.each(['a', '`', '``a`', ' a ', '|', '<b>', '@a', '&lt;', '\\', '_a_'])(
    'shows code as it is: %s',
    (text) => {
      const html = render(`x ${code(text)} y`);
      expect(otherTags(html, 'p', 'code')).toEqual([]);
      expect(textOf(html)).toBe(`x ${text} y`);
    },
  );

  it.each(['- x', '+ x', '1. x', '2) x', '===', '# x', '> x', '~~~', '***', '---'])(
    'begins no block: %s',
    (text) => {
      expect(otherTags(render(`before\n${inline(text)}`), 'p')).toEqual([]);
      expect(otherTags(render(`- ${inline(text)}`), 'ul', 'li')).toEqual([]);
    },
  );

  it('mentions no account and refers to no issue', () => {
    const html = render(inline('@everyone owner/name#12 #12'));
    expect(html).not.toMatch(/@\w|#\d/);
    expect(textOf(html)).toBe('@everyone owner/name#12 #12');
  });

  it('fits into a comment', () => {
    const report = reportOf(extendedEvidence(), {}, 'extended');
    expect(markdownReport(report).length).toBeLessThan(65_536);
  });
});
