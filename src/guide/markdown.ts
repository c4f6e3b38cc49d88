import type { Remedy } from '../checklist/remedy.ts';
import { categories } from '../checklist/row.ts';
import { type Description, evidenceText, onlyText, roleText } from './describe.ts';

const origin = '<!-- Made from src/checklist by "npm run docs": change it there. -->';

const experiments = 'Experiments need `--lab`, which launches the server ([the lab](../lab.md)).';

/** The page of a row for the documentation. */
export function checkPage(check: Description): string {
  const { id, title, category, level, points, profiles, only, why, criteria, fix, remedies, sources } = check;
  return [
    origin,
    '',
    `# ${title}`,
    '',
    `\`${id}\` · ${category} · ${level}, ${points} points · ${profiles.length > 1 ? 'both profiles' : `profile ${profiles[0]}`}${only === undefined ? '' : ` · ${onlyText[only]}`}`,
    '',
    why,
    '',
    '## How it is judged',
    '',
    '| criterion | | judged by |',
    '|---|---|---|',
    ...criteria.map(
      (criterion) =>
        `| ${cell(criterion.title)}<br>\`${criterion.id}\` | ${roleText(criterion)} | ${evidenceText(criterion)} |`,
    ),
    '',
    'A failed core criterion fails the row, a failed extra costs points; a supporting one cannot carry the row alone',
    `([verdicts](../verdicts.md)).${criteria.some(({ evidence }) => evidence.includes('proven')) ? ` ${experiments}` : ''}`,
    '',
    '## How to fix it',
    '',
    fix,
    '',
    ...criteria.flatMap((criterion) =>
      criterion.fix === undefined ? [] : [`- \`${criterion.id}\`: ${criterion.fix}`],
    ),
    ...(criteria.some((criterion) => criterion.fix !== undefined) ? [''] : []),
    ...remedyText('TypeScript', remedies.typescript),
    ...remedyText('Python (FastMCP)', remedies.python),
    '## Sources',
    '',
    ...sources.map((source) => `- ${source}`),
    '',
  ].join('\n');
}

function remedyText(name: string, { text, language, code }: Remedy): string[] {
  return [`### ${name}`, '', text, '', `\`\`\`${language}`, code, '```', ''];
}

/** The page that leads to the others. */
export function indexPage(checks: readonly Description[]): string {
  const sections = categories.flatMap((category) => [
    `## ${category}`,
    '',
    '| row | level | profile |',
    '|---|---|---|',
    ...checks
      .filter((check) => check.category === category)
      .map(
        ({ id, title, level, profiles }) =>
          `| [${cell(title)}](${id}.md)<br>\`${id}\` | ${level} | ${profiles.length > 1 ? 'both' : profiles[0]} |`,
      ),
    '',
  ]);
  return [
    origin,
    '',
    '# Checks',
    '',
    'The rows that `mcp-prod audit` judges. `mcp-prod checks <id>` prints the same pages.',
    '',
    ...sections,
  ].join('\n');
}

export const cell = (text: string): string => text.replaceAll('|', '\\|');
