import type { Remedy } from '../checklist/remedy.ts';
import { categories } from '../checklist/row.ts';
import { appliesTo, type Description, judgedBy, profileText, roleText } from './describe.ts';

const origin = '<!-- Generated from src/checklist by "npm run docs". Edit it there. -->';

const attestations =
  'An attestation is a statement under `"attest"` in the configuration about a fact outside the project.';

const experiments = 'Experiments need `--lab`, which launches the server ([the lab](../lab.md)).';

/** The page of a row for the documentation. */
export function checkPage(check: Description): string {
  const { id, title, category, level, points, why, criteria, fix, remedies, sources } = check;
  return [
    origin,
    '',
    `# ${title}`,
    '',
    [`\`${id}\``, category, `${level}, ${points} points`, profileText(check), ...appliesTo(check)].join(
      ' · ',
    ),
    '',
    why,
    '',
    '## How it is judged',
    '',
    '| criterion | | judged by |',
    '|---|---|---|',
    ...criteria.map(
      (criterion) =>
        `| ${cell(criterion.title)}<br>\`${criterion.id}\` | ${roleText(criterion)} | ${judgedBy(criterion)} |`,
    ),
    '',
    'A failed core criterion fails the row. A failed extra costs points. A supporting criterion cannot pass the row alone',
    `([verdicts](../verdicts.md)).${criteria.some(({ evidence }) => evidence.includes('proven')) ? ` ${experiments}` : ''}${criteria.some(({ attestable }) => attestable) ? ` ${attestations}` : ''}`,
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

/** The index of the pages. */
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
    '`mcp-prod audit` judges these rows. `mcp-prod checks <id>` prints the same pages.',
    '',
    ...sections,
  ].join('\n');
}

export const cell = (text: string): string => text.replaceAll('|', '\\|');
