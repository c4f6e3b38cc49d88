import type { Exchange } from '../../../evidence/exchange.ts';
import type { MalformedProbe, WireEvidence } from '../../../evidence/wire.ts';
import { overStdio, provenBy } from '../../reading/lab/proven-by.ts';
import { answerOf, exchangeOf, isNotNow, summary, unsent } from '../../reading/wire/exchanges.ts';
import { fail, inconclusive, type Judgement, needsExperiment, pass, type Row } from '../../row.ts';
import {
  judgeForbiddenArguments,
  judgeToldInErrors,
  judgeUnknownMethod,
  judgeUnreadableLine,
} from './bad-input.ts';
import { errorAnswers } from './error-responses.ts';
import { leakOf } from './leaks.ts';
import { remedies } from './remedies.ts';
import { judgeBadArguments } from './tool-calls.ts';

export const inputValidation: Row = {
  id: 'input-validation',
  title: 'Bad input gets a clear error and leaks nothing',
  category: 'Security',
  level: 'required',
  why: 'Bad input that ends in a 500 and a stack trace tells an attacker how you are built and an honest client nothing.',
  fix: 'Answer malformed JSON, unknown methods and oversized bodies with a 4xx and a JSON-RPC error, from a handler that never prints the cause.',
  basis: [
    'JSON-RPC 2.0 section 5.1 (error object): https://www.jsonrpc.org/specification#error_object',
    'MCP 2026-07-28, versioning: https://modelcontextprotocol.io/specification/2026-07-28/basic/versioning',
    'CWE-209 (error messages that contain sensitive information)',
  ],
  remedies,
  headline: 'leaks-nothing',
  criteria: [
    {
      id: 'malformed-json',
      kind: 'core',
      title: 'Malformed JSON is answered with a client error',
      only: { transport: 'http', because: 'a line that is no message has no id that an answer could name' },
      observed: (wire) => judgeProbe(wire, 'broken-json', isClientError),
    },
    {
      id: 'unreadable-line',
      kind: 'core',
      title: 'A line that is no JSON does not end it',
      only: { transport: 'stdio', because: 'its messages are no lines of one stream' },
      fix: 'Catch what the parser throws for a line, answer with JSON-RPC error -32700 and the id null, or ignore it, and read the next one.',
      proven: provenBy('bad-input', judgeUnreadableLine),
      unseen: needsExperiment('launch the server as a client does, with --stdio, and write such a line'),
    },
    {
      id: 'unknown-method',
      kind: 'core',
      title: 'An unknown method is answered with "method not found" (-32601)',
      observed: (wire) =>
        judgeProbe(
          wire,
          'unknown-method',
          (_status, { reply }) => reply.kind === 'error' && reply.code === -32601,
        ),
      proven: overStdio(provenBy('bad-input', judgeUnknownMethod)),
    },
    {
      id: 'unsupported-version',
      kind: 'extra',
      title: 'An unsupported protocol version is answered with 400',
      only: { transport: 'http', because: 'the version is agreed upon once and is in no header' },
      observed: (wire) => judgeProbe(wire, 'unsupported-version', (status) => status === 400),
    },
    {
      id: 'oversized-body',
      kind: 'core',
      title: 'An oversized body is refused',
      only: {
        transport: 'http',
        because: 'its input has no bodies, and comes from the client that starts it',
      },
      observed: (wire) => judgeProbe(wire, 'oversized-body', isClientError),
    },
    {
      id: 'leaks-nothing',
      kind: 'core',
      title: 'No error shows a stack trace, a path of the server or a key',
      supporting: true,
      observed: judgeLeaks,
      proven: overStdio(provenBy('bad-input', judgeToldInErrors)),
    },
    {
      id: 'bad-arguments',
      kind: 'core',
      title: 'Bad tool arguments are answered with an error that names them',
      fix: 'Validate arguments against the tool’s schema before the tool runs, and answer with an error that names the argument and what was expected.',
      observed: judgeBadArguments,
      proven: overStdio(provenBy('bad-input', judgeForbiddenArguments)),
    },
  ],
};

function judgeLeaks(wire: WireEvidence): Judgement {
  const answered = errorAnswers(wire);
  for (const { exchange, answer } of answered) {
    const leak = leakOf(exchange, answer.body, new URL(exchange.request.url).pathname);
    if (leak) return fail(`${summary(exchange)} (${exchange.purpose}): the answer holds ${leak}.`, exchange);
  }
  const read = answered.filter(({ answer }) => !isNotNow(answer.status));
  return read.length > 0
    ? pass(
        `${read.length} errors were read; none holds a stack trace, a path or a key.`,
        ...read.map(({ exchange }) => exchange),
      )
    : inconclusive(unsent(wire, 'No error was answered.'));
}

/** HTTP+SSE answers on the stream and not where the request went, so that its statuses say little. */
const notAsked = 'Malformed requests are sent to a Streamable HTTP endpoint only, and none was open.';

const isClientError = (status: number): boolean => status >= 400 && status < 500;

function judgeProbe(
  wire: WireEvidence,
  kind: MalformedProbe['kind'],
  isGood: (status: number, probe: MalformedProbe) => boolean,
): Judgement {
  const probe = wire.malformed.find((candidate) => candidate.kind === kind);
  if (!probe) return inconclusive(unsent(wire, notAsked));
  const exchange = exchangeOf(wire, probe.exchange);
  const status = answerOf(wire, probe.exchange)?.status;
  if (
    kind === 'oversized-body' &&
    exchange.outcome.kind === 'failure' &&
    exchange.outcome.reason === 'reset'
  ) {
    return judgeClosed(wire, exchange);
  }
  if (status === undefined) return inconclusive(`${summary(exchange)} (${exchange.purpose}).`);
  if (status === 401 || status === 403) {
    return inconclusive(`${summary(exchange)} (${exchange.purpose}): it was refused before it was read.`);
  }
  if (isNotNow(status)) {
    return inconclusive(`${summary(exchange)} (${exchange.purpose}): an overload or a proxy answered.`);
  }
  const code = probe.reply.kind === 'error' ? ` with JSON-RPC error ${probe.reply.code}` : '';
  const finding = `${summary(exchange)}${code} (${exchange.purpose}).`;
  return isGood(status, probe) ? pass(finding, exchange) : fail(finding, exchange);
}

/**
 * A server that closes the connection on a body that is too large has refused it as well (RFC 9110 section 15.5.14).
 * One that crashed over it closes the connection too, and is told by its silence afterwards.
 */
function judgeClosed(wire: WireEvidence, exchange: Exchange): Judgement {
  const what = `${summary(exchange)} (${exchange.purpose})`;
  const later = wire.exchanges.slice(wire.exchanges.indexOf(exchange) + 1);
  const next = later.find(({ outcome }) => outcome.kind === 'answer');
  return next
    ? pass(`${what}; the server went on to answer.`, exchange, next)
    : inconclusive(`${what}, and no answer came after that, so it is not known whether the server lives.`);
}
