import { judgeCallLine } from '../../reading/lab/call-lines.ts';
import { provenBy } from '../../reading/lab/proven-by.ts';
import { needsExperiment, type Row } from '../../row.ts';
import { judgeFailureLevel } from './failure-lines.ts';
import { judgeForgery } from './forged-lines.ts';
import { judgeLines, judgeTemplates } from './log-output.ts';
import { remedies } from './remedies.ts';
import { judgeRequestIds } from './request-ids.ts';
import { judgeServedLines } from './served-lines.ts';
import { judgePurity } from './stdio-purity.ts';

const serveAndRead = needsExperiment('launch the server, call it, and read what it writes');
const forgeLine = needsExperiment('call a tool with a forged log line as argument');

export const structuredLogging: Row = {
  id: 'structured-logging',
  title: 'Structured logging',
  category: 'Reliability',
  level: 'required',
  why: 'Free-text lines cannot be searched or alerted on, and a newline in a tool argument can forge an entry that sends you after the wrong cause.',
  fix: 'Log one JSON object a line with time, level and message through a logging library (pino, structlog), never by string formatting.',
  basis: [
    'Production readiness: Structured Logging; checklist: Reliability (Required)',
    'OWASP Logging Cheat Sheet, event collection: https://cheatsheetseries.owasp.org/cheatsheets/Logging_Cheat_Sheet.html',
    'The Twelve-Factor App, XI. Logs: https://12factor.net/logs',
    'MCP 2025-11-25, transports, stdio: https://modelcontextprotocol.io/specification/2025-11-25/basic/transports#stdio',
  ],
  remedies,
  headline: 'unforgeable',
  criteria: [
    {
      id: 'one-object-a-line',
      kind: 'core',
      title: 'Every line while serving is one JSON object with time, level and message',
      declared: judgeLines,
      reads: ['source'],
      proven: provenBy('logging', judgeServedLines),
      unseen: serveAndRead,
    },
    {
      id: 'unforgeable',
      kind: 'core',
      title: 'Quotes, newlines and a forged line in a tool argument neither break nor forge a line',
      declared: judgeTemplates,
      reads: ['source'],
      proven: provenBy('logging', judgeForgery),
      unseen: forgeLine,
    },
    {
      id: 'call-leaves-a-line',
      kind: 'core',
      title: 'A call leaves a line',
      fix: 'Log one line when a tool call ends, with the tool, its outcome and its duration.',
      proven: provenBy('logging', judgeCallLine),
      unseen: serveAndRead,
    },
    {
      id: 'failure-level',
      kind: 'core',
      title: 'Failures are logged as warning or error',
      fix: 'Log a call that failed with level error, or warning where the caller was wrong.',
      proven: provenBy('logging', judgeFailureLevel),
      unseen: needsExperiment('let a call fail and read the level of its lines'),
    },
    {
      id: 'protocol-only-on-stdout',
      kind: 'core',
      title: 'Only protocol messages stand on stdout',
      supporting: true,
      only: { transport: 'stdio', because: 'its messages do not share a stream with anything' },
      fix: 'Write the log to stderr, and let nothing else print to stdout: the console of Node and print of Python do, and so does npm without --silent.',
      proven: provenBy('stdio-purity', judgePurity),
      unseen: needsExperiment('launch the server as a client does, with --stdio, and read its stdout'),
    },
    {
      id: 'request-id',
      kind: 'extra',
      title: 'Lines of one request share an id',
      only: { transport: 'http', because: 'no id comes with a call, and its log is that of one client' },
      fix: 'Take x-request-id from the request, or make one, and bind it to the logger of that request.',
      proven: provenBy('logging', judgeRequestIds),
      unseen: serveAndRead,
    },
  ],
};
