import { judgeCallLine } from '../../reading/lab/call-lines.ts';
import { provenBy } from '../../reading/lab/proven-by.ts';
import type { Row } from '../../row.ts';
import { judgeFailureLevel } from './failure-lines.ts';
import { judgeForgery } from './forgery.ts';
import { judgeLines, judgeTemplates } from './log-output.ts';
import { remedies } from './remedies.ts';
import { judgeRequestIds } from './request-ids.ts';
import { judgeServedLines } from './served-lines.ts';
import { judgePurity } from './stdio-purity.ts';

const serveAndRead = 'launch the server, call it, and read its log';
const forgeLine = 'call a tool with a forged log line as argument';

export const structuredLogging: Row = {
  id: 'structured-logging',
  title: 'Structured logging',
  category: 'Reliability',
  level: 'required',
  why: 'Free-text lines are hard to search and to alert on. A newline in a tool argument can forge an entry and lead you to the wrong cause.',
  fix: 'Log one JSON object per line with time, level and message. Use a logging library (pino, structlog), never string formatting.',
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
      title: 'Every line written while serving is one JSON object with time, level and message',
      declared: judgeLines,
      reads: ['source'],
      proven: provenBy('logging', judgeServedLines),
      experiment: serveAndRead,
    },
    {
      id: 'unforgeable',
      kind: 'core',
      title: 'No tool argument can break or forge a log line',
      declared: judgeTemplates,
      reads: ['source'],
      proven: provenBy('logging', judgeForgery),
      experiment: forgeLine,
    },
    {
      id: 'call-leaves-a-line',
      kind: 'core',
      title: 'The server logs its calls',
      fix: 'When a tool call ends, log one line with the tool, the outcome and the duration.',
      proven: provenBy('logging', judgeCallLine),
      experiment: serveAndRead,
    },
    {
      id: 'failure-level',
      kind: 'core',
      about: 'upstream',
      title: 'The server logs a failed call at level warning or error',
      fix: 'Log a failed call at level error, or at level warning when the caller caused it.',
      proven: provenBy('logging', judgeFailureLevel),
      experiment: 'make a call fail and read the level of its log lines',
    },
    {
      id: 'protocol-only-on-stdout',
      kind: 'core',
      title: 'Stdout carries only protocol messages',
      supporting: true,
      only: { transport: 'stdio', because: 'its messages do not use stdout' },
      fix: 'Write the log to stderr, and print nothing else to stdout. The console of Node, print of Python and npm without --silent all print to stdout.',
      proven: provenBy('stdio-purity', judgePurity),
      experiment: 'launch the server as a client does, with --stdio, and read its stdout',
    },
    {
      id: 'request-id',
      kind: 'extra',
      title: 'Log lines of one request share an id',
      only: { transport: 'http', because: 'its calls carry no request id, and it has one client' },
      fix: 'Read x-request-id from the request, or create an id. Add it to every log line of that request.',
      proven: provenBy('logging', judgeRequestIds),
      experiment: serveAndRead,
    },
  ],
};
