import type { MalformedProbe, WireEvidence } from '../../../evidence/wire.ts';
import { overStdio, provenBy, readsLab } from '../../reading/lab/proven-by.ts';
import {
  answerOf,
  exchangeOf,
  isUnavailable,
  probeSummary,
  whyUnsent,
} from '../../reading/wire/exchanges.ts';
import { fail, inconclusive, type Judgement, pass, type Row } from '../../row.ts';
import { judgeForbiddenArguments, judgeUnknownMethod, judgeUnreadableLine } from './bad-input.ts';
import { judgeLeaks, judgeLeaksInLab } from './leaks.ts';
import { judgeOversizedBody, noEndpoint } from './oversized-body.ts';
import { remedies } from './remedies.ts';
import { judgeBadArguments } from './tool-calls.ts';

export const inputValidation: Row = {
  id: 'input-validation',
  title: 'Bad input gets a clear error and leaks nothing',
  category: 'Security',
  level: 'required',
  why: 'A stack trace shows an attacker how the server is built. It does not show a client what to correct.',
  fix: 'Answer malformed JSON, unknown methods and oversized bodies with a 4xx and a JSON-RPC error. Never return the cause of an internal error.',
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
      title: 'The server answers malformed JSON with a client error',
      only: { transport: 'http', because: 'a line that is not a message has no id to answer' },
      observed: (wire) => judgeProbe(wire, 'broken-json', 'a 4xx status', isClientError),
    },
    {
      id: 'unreadable-line',
      kind: 'core',
      title: 'The server survives a line that is not JSON',
      only: { transport: 'stdio', because: 'its messages are not lines of a stream' },
      fix: 'Catch the parse error. Answer with JSON-RPC error -32700 and id null, or ignore the line. Then read the next line.',
      proven: provenBy('bad-input', judgeUnreadableLine),
      experiment: 'start the server over stdio (--stdio) and write a line that is not JSON',
    },
    {
      id: 'unknown-method',
      kind: 'core',
      title: 'The server answers an unknown method with "method not found" (-32601)',
      observed: (wire) =>
        judgeProbe(
          wire,
          'unknown-method',
          'JSON-RPC error -32601',
          (_status, { reply }) => reply.kind === 'error' && reply.code === -32601,
        ),
      proven: overStdio(provenBy('bad-input', judgeUnknownMethod)),
    },
    {
      id: 'unsupported-version',
      kind: 'extra',
      title: 'The server answers an unsupported protocol version with 400',
      only: { transport: 'http', because: 'clients negotiate the version once and send it in no header' },
      observed: (wire) => judgeProbe(wire, 'unsupported-version', 'status 400', (status) => status === 400),
    },
    {
      id: 'oversized-body',
      kind: 'core',
      title: 'The server refuses an oversized body',
      only: { transport: 'http', because: 'its input has no request bodies' },
      fix: 'Limit the size of request bodies, for example to 1 MiB. Answer a larger one with 413 before you read it.',
      observed: judgeOversizedBody,
    },
    {
      id: 'leaks-nothing',
      kind: 'core',
      title: 'No error contains a stack trace, a path of the server or a key',
      supporting: true,
      // Responses to the lab’s own audit count there.
      observed: (wire, { lab }) => (lab?.ownWire ? undefined : judgeLeaks(wire)),
      proven: readsLab('all', judgeLeaksInLab),
    },
    {
      id: 'bad-arguments',
      kind: 'core',
      title: 'The server answers bad tool arguments with an error that names them',
      fix: 'Validate arguments against the tool’s schema before the tool runs. Answer with an error that names the argument and the expected value.',
      observed: judgeBadArguments,
      proven: overStdio(provenBy('bad-input', judgeForbiddenArguments)),
    },
  ],
};

const isClientError = (status: number): boolean => status >= 400 && status < 500;

function judgeProbe(
  wire: WireEvidence,
  kind: MalformedProbe['kind'],
  expected: string,
  isGood: (status: number, probe: MalformedProbe) => boolean,
): Judgement {
  const probe = wire.malformed.find((candidate) => candidate.kind === kind);
  if (!probe) return inconclusive(whyUnsent(wire, noEndpoint));
  const exchange = exchangeOf(wire, probe.exchange);
  const status = answerOf(wire, probe.exchange)?.status;
  const code = probe.reply.kind === 'error' ? ` with JSON-RPC error ${probe.reply.code}` : '';
  const finding = `${probeSummary(exchange)}${code}.`;
  if (status === undefined) return inconclusive(`${finding} See the server’s log.`);
  if (status === 401 || status === 403) {
    return inconclusive(`${finding} The server refused access before it read the input. Check --token.`);
  }
  if (isUnavailable(status)) {
    return inconclusive(`${finding} This status comes from an overload or a proxy. Audit again.`);
  }
  return isGood(status, probe)
    ? pass(finding, exchange)
    : fail(`${finding} Expected: ${expected}.`, exchange);
}
