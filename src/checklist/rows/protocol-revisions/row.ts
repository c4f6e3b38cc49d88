import { overStdio, provenBy } from '../../reading/lab/proven-by.ts';
import type { Row } from '../../row.ts';
import { judgeCurrentClients, judgeCurrentRevision, judgeOlderClients } from './clients.ts';
import { remedies } from './remedies.ts';
import { judgeNegotiation, judgeRevisions } from './revisions.ts';

export const protocolRevisions: Row = {
  id: 'protocol-revisions',
  title: 'Serves current clients and older ones',
  category: 'Reliability',
  level: 'recommended',
  why: 'Hosts update at different times. A server with one protocol revision refuses every host that does not speak it.',
  fix: 'Serve 2026-07-28 and the 2025 revisions from one endpoint, as the current SDKs do by default.',
  basis: [
    'MCP 2026-07-28, versioning and backward compatibility: https://modelcontextprotocol.io/specification/2026-07-28/basic/versioning',
  ],
  remedies,
  headline: 'current-clients',
  criteria: [
    {
      id: 'older-clients',
      kind: 'core',
      title: 'A client of the 2025 revisions connects',
      observed: judgeOlderClients,
      proven: overStdio(provenBy('revisions', judgeRevisions('legacy'))),
    },
    {
      id: 'current-clients',
      kind: 'core',
      title: 'A current client connects, with its own fallback',
      fix: 'Answer an unknown method at once, with JSON-RPC error -32601 or a 4xx status. A current client then falls back to "initialize".',
      observed: judgeCurrentClients,
      proven: overStdio(provenBy('revisions', judgeNegotiation)),
    },
    {
      id: 'current-revision',
      kind: 'extra',
      title: 'The server serves revision 2026-07-28 itself',
      observed: judgeCurrentRevision,
      proven: overStdio(provenBy('revisions', judgeRevisions('modern'))),
    },
  ],
};
