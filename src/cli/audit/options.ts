import type { Profile } from '../../checklist/checklist.ts';
import type { Level } from '../../checklist/row.ts';
import type { FormatName } from '../../report/formats.ts';
import type { Header } from '../options.ts';

/** The options of `audit`, as commander parses them. */
export interface AuditOptions {
  project?: string;
  config?: string;
  token?: string;
  header?: Header[];
  healthPath?: string;
  tool?: string;
  toolArgs?: Record<string, unknown>;
  burst: boolean;
  lab?: boolean;
  start?: string;
  stdio?: boolean;
  profile: Profile;
  only?: string[];
  skip?: string[];
  minScore?: number;
  minCoverage?: number;
  require?: string[];
  failOn?: Level;
  baseline?: string;
  writeBaseline?: string;
  format: FormatName;
  output?: string[];
  saveEvidence?: string;
  evidence?: string;
  timeout: number;
  budget?: number;
}
