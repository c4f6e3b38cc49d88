import { profiles } from '../../checklist/checklist.ts';
import type { Evidence } from '../../evidence/evidence.ts';
import { joined } from '../../text/counts.ts';
import { maskSecrets } from '../../text/secrets/catalogue.ts';
import { usageError } from '../exit.ts';
import { type Configuration, configFileName } from './configuration.ts';

/** What the configuration states about facts that the audit cannot see. */
export interface Statements {
  evidence: Pick<Evidence, 'attested' | 'noUpstream'>;
  notices: string[];
}

/**
 * The statements of a configuration, as evidence. Those of a found configuration are ignored: the audited directory would
 * otherwise judge itself.
 *
 * @throws CommandError (usage) if a statement is about no attestable criterion
 */
export function statementsOf({ config, trusted }: Pick<Configuration, 'config' | 'trusted'>): Statements {
  const { attest = {}, upstream } = config;
  for (const key of Object.keys(attest)) requireAttestable(key);
  const attested = Object.entries(attest).map(([key, statement]) => [key, maskSecrets(statement)] as const);
  const given = [
    ...(attested.length > 0 ? ['"attest"'] : []),
    ...(upstream === false ? ['"upstream": false'] : []),
  ];
  if (given.length === 0) return { evidence: {}, notices: [] };
  if (!trusted) {
    return {
      evidence: {},
      notices: [
        `Ignored ${joined(given, 'and')}: ${configFileName} was not named with --config. To count what it states, name the configuration with --config.`,
      ],
    };
  }
  return {
    evidence: {
      ...(attested.length > 0 && { attested: Object.fromEntries(attested) }),
      ...(upstream === false && { noUpstream: true as const }),
    },
    notices: [],
  };
}

/** By row, the criteria that a fact outside the project can answer. */
const attestable = profiles.extended.map((row) => ({
  row: row.id,
  keys: row.criteria.filter((criterion) => criterion.attestable).map(({ id }) => `${row.id}/${id}`),
}));

function requireAttestable(key: string): void {
  const all = attestable.flatMap(({ keys }) => keys);
  if (all.includes(key)) return;
  const ofRow = attestable.find(({ row }) => key.startsWith(`${row}/`))?.keys ?? [];
  const [where, possible] = ofRow.length > 0 ? [' in this row', ofRow] : ['', all];
  // A key may be anything, even a secret.
  const name = /^[a-z\d-]{1,40}\/[a-z\d-]{1,40}$/.test(key) ? `"${key}"` : 'a key';
  throw usageError(
    `${configFileName}: "attest" names ${name}, which is no attestable criterion.`,
    `Attestable${where}: ${possible.join(', ')}.`,
  );
}
