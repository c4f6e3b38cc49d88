import { markup, markupText } from './markup.ts';
import type { Report } from './schema.ts';
import { type Standing, scoreText, standing, standingTitles } from './summary.ts';

/** White text on each has a contrast of at least 4.5 to 1 (WCAG 2.2, 1.4.3). */
const colours: Record<Standing, string> = {
  ready: '#1a7f37',
  'not-ready': '#b3261e',
  undecided: '#8a5700',
  unassessed: '#57606a',
};
const label = 'MCP production';
const height = 20;
const padding = 8;
/** Pixels of 11 px Verdana and its fallbacks; `textLength` fits every font to it. */
const characterWidth = 6;

/** A badge for a README. The score comes with the coverage behind it, unless everything was assessed. */
export function badge(report: Report): string {
  const value = shortText(report);
  const left = widthOf(label);
  const right = widthOf(value);
  const title = `${standingTitles[standing(report)]}: ${scoreText(report)}`;
  const drawing = markup`<svg xmlns="http://www.w3.org/2000/svg" width="${left + right}" height="${height}" role="img" aria-labelledby="title">
  <title id="title">${title}</title>
  <clipPath id="shape"><rect width="${left + right}" height="${height}" rx="4"/></clipPath>
  <g clip-path="url(#shape)">
    <rect width="${left}" height="${height}" fill="#24292f"/>
    <rect x="${left}" width="${right}" height="${height}" fill="${colours[standing(report)]}"/>
  </g>
  <g fill="#fff" font-family="Verdana, 'DejaVu Sans', sans-serif" font-size="11" aria-hidden="true">
    <text x="${padding}" y="14" textLength="${left - 2 * padding}">${label}</text>
    <text x="${left + padding}" y="14" textLength="${right - 2 * padding}">${value}</text>
  </g>
</svg>
`;
  return markupText(drawing);
}

const shortTitles: Record<Standing, string> = {
  ready: 'ready',
  'not-ready': 'not ready',
  undecided: 'readiness unknown',
  unassessed: 'not assessed',
};

function shortText(report: Report): string {
  const { score, coverage } = report;
  const title = shortTitles[standing(report)];
  if (score === null) return title;
  return `${title}, ${score}${coverage === 100 ? '' : ` with ${coverage} % assessed`}`;
}

const widthOf = (text: string): number => Math.ceil(text.length * characterWidth) + 2 * padding;
