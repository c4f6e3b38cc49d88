import { profiles } from '../src/checklist/checklist.ts';
import { describeRow } from '../src/guide/describe.ts';
import { experimentsTable } from '../src/guide/experiments.ts';
import { checkPage, indexPage } from '../src/guide/markdown.ts';
import { experiments } from '../src/lab/experiments/experiments.ts';

const checks = profiles.extended.map(describeRow);

/** The pages of docs/checks, by file name. */
export function checkPages(): Record<string, string> {
  return {
    'README.md': indexPage(checks),
    ...Object.fromEntries(checks.map((check) => [`${check.id}.md`, checkPage(check)])),
  };
}

/** docs/lab.md with the table of experiments as it is now. */
export function labPage(page: string): string {
  return page.replace(
    /(<!-- experiments: [^>]* -->\n)[\s\S]*(?=<!-- end of experiments -->)/,
    (_, begin) => `${begin}\n${experimentsTable(experiments, checks)}\n\n`,
  );
}
