import { profiles } from '../src/checklist/checklist.ts';
import { describeRow } from '../src/guide/describe.ts';
import { checkPage, indexPage } from '../src/guide/markdown.ts';

/** The pages of docs/checks, by file name. */
export function checkPages(): Record<string, string> {
  const checks = profiles.extended.map(describeRow);
  return {
    'README.md': indexPage(checks),
    ...Object.fromEntries(checks.map((check) => [`${check.id}.md`, checkPage(check)])),
  };
}
