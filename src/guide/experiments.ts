import type { ExperimentId, LabTransport } from '../evidence/lab/lab.ts';
import type { Description } from './describe.ts';
import { cell } from './markdown.ts';

/** An experiment of the lab as far as its documentation goes. */
export interface ExperimentDescription {
  id: ExperimentId;
  does: string;
  over: readonly LabTransport[];
}

const transports: Record<LabTransport, string> = { http: 'HTTP', stdio: 'stdio' };

/** The experiments as a table, each with the rows that it can prove. */
export function experimentsTable(
  experiments: readonly ExperimentDescription[],
  checks: readonly Description[],
): string {
  return [
    '| experiment | what it does | over | what it can prove |',
    '|---|---|---|---|',
    ...experiments.map(({ id, does, over }) => {
      const proven = checks.filter((check) =>
        check.criteria.some(({ experiments: read = [] }) => read !== 'all' && read.includes(id)),
      );
      const links = proven.map((check) => `[${check.id}](checks/${check.id}.md)`);
      return `| \`${id}\` | ${cell(does)} | ${over.map((one) => transports[one]).join(', ')} | ${links.join(', ')} |`;
    }),
  ].join('\n');
}
