import type { BadLine } from '../../../evidence/lab/bad-input.ts';
import type { CallOutcome, CallRecord, HttpRecord, ListRecord } from '../../../evidence/lab/client.ts';
import type { ExperimentId, LabEvidence } from '../../../evidence/lab/lab.ts';
import { type Leak, leakIn } from '../../../text/leaks.ts';
import { isRpcError } from './answers.ts';
import { objectsIn } from './records.ts';

/** One response of the server in the lab. Its texts are masked. */
export interface LabResponse {
  experiment: ExperimentId | 'baseline';
  /** When it ended. */
  atMs: number;
  /** "a get_weather call", "GET /health" */
  request: string;
  to: 'call' | 'line' | 'request';
  /** "a tool error", "HTTP 503" */
  what: string;
  /** Of HTTP, where it says more than the answer. */
  status?: number;
  isError: boolean;
  /** Of an error, everything that was recorded. */
  text: string;
  /** What the client sent. */
  sent: string;
  /** The names of the canaries in the whole response. */
  canaries: readonly string[];
}

/** Every record of the lab, outer before inner. Each history has its records elsewhere. */
export function* recordsOf(
  lab: LabEvidence,
): Generator<{ experiment: ExperimentId | 'baseline'; record: Record<string, unknown> }> {
  for (const record of objectsIn([lab.baseline])) yield { experiment: 'baseline', record };
  for (const [id, experiment] of Object.entries(lab.experiments)) {
    if (!experiment?.ran) continue;
    for (const record of objectsIn([experiment.history])) yield { experiment: id as ExperimentId, record };
  }
}

/** Every response that the lab received, in every experiment. */
export function responsesOf(lab: LabEvidence): LabResponse[] {
  return [...recordsOf(lab)].flatMap(({ experiment, record }) => {
    const response = responseIn(record);
    return response === undefined ? [] : { experiment, ...response };
  });
}

/** What an error of a call leaks. Undefined: nothing, or no error came. */
export function leakOfCall(call: CallRecord): Leak | undefined {
  const { text, sent, isError } = callResponse(call);
  return isError ? leakIn(text, sent) : undefined;
}

type Response = Omit<LabResponse, 'experiment'>;

function responseIn(record: Record<string, unknown>): Response | undefined {
  if (isCall(record)) return record.outcome.kind === 'no-answer' ? undefined : callResponse(record);
  if (isSentLine(record)) return lineResponse(record);
  if (isList(record)) return listError(record);
  return isRequest(record) ? httpResponse(record) : undefined;
}

function callResponse({ tool, arguments: sent, endedMs, outcome, canaries = [] }: CallRecord): Response {
  return {
    atMs: endedMs,
    request: `a ${tool} call`,
    to: 'call',
    ...callAnswer(outcome),
    sent: JSON.stringify(sent),
    canaries,
  };
}

function callAnswer(outcome: CallOutcome): Pick<Response, 'what' | 'status' | 'isError' | 'text'> {
  switch (outcome.kind) {
    case 'result': {
      const { isError, text, detail = '' } = outcome;
      return { what: isError ? 'a tool error' : 'a result', isError, text: `${text}\n${detail}` };
    }
    case 'protocol-error': {
      const { message, detail = '' } = outcome;
      return { what: 'a JSON-RPC error', isError: true, text: `${message}\n${detail}` };
    }
    case 'http-error':
      return {
        what: `HTTP ${outcome.status}`,
        status: outcome.status,
        isError: true,
        text: outcome.detail ?? '',
      };
    case 'no-answer':
      return { what: 'nothing', isError: false, text: '' };
  }
}

/** The lines that the lab sends over stdio, for a reader. */
export const linePurposes: Record<BadLine['purpose'], string> = {
  before: 'a valid request',
  'unknown-method': 'an unknown method',
  'bad-arguments': 'forbidden arguments',
  unreadable: 'a line that is not JSON',
  after: 'a valid request',
};

/** The client reports a JSON-RPC error as "MCP error -32603: …", and other failures otherwise. */
function listError({ endedMs, problem = '' }: ListRecord): Response | undefined {
  if (!problem.startsWith('MCP error ')) return undefined;
  return {
    atMs: endedMs,
    request: 'tools/list',
    to: 'request',
    what: 'a JSON-RPC error',
    isError: true,
    text: problem,
    sent: '',
    canaries: [],
  };
}

function lineResponse({ purpose, line, endedMs, answer, canaries = [] }: BadLine): Response | undefined {
  if (answer.kind === 'none') return undefined;
  const isError = answer.kind === 'error' || answer.isError;
  const error = answer.kind === 'error' ? `JSON-RPC error ${answer.code}` : 'a tool error';
  return {
    atMs: endedMs,
    request: linePurposes[purpose],
    to: 'line',
    what: isError ? error : 'a result',
    isError,
    text: answer.text,
    sent: line,
    canaries,
  };
}

function httpResponse({ method, path, endedMs, outcome, canaries = [] }: HttpRecord): Response | undefined {
  if (outcome.kind !== 'answer') return undefined;
  return {
    atMs: endedMs,
    request: `${method} ${path}`,
    to: 'request',
    what: `HTTP ${outcome.status}`,
    status: outcome.status,
    isError: outcome.status >= 400 || isRpcError(outcome.body),
    text: outcome.body,
    sent: path,
    canaries,
  };
}

const has = (record: Record<string, unknown>, ...names: string[]): boolean =>
  names.every((name) => Object.hasOwn(record, name));

const isCall = (record: Record<string, unknown>): record is CallRecord & Record<string, unknown> =>
  has(record, 'tool', 'sentMs', 'outcome');
const isList = (record: Record<string, unknown>): record is ListRecord & Record<string, unknown> =>
  has(record, 'tools', 'sentMs', 'problem');
const isSentLine = (record: Record<string, unknown>): record is BadLine & Record<string, unknown> =>
  has(record, 'purpose', 'line', 'answer');
const isRequest = (record: Record<string, unknown>): record is HttpRecord & Record<string, unknown> =>
  has(record, 'method', 'path', 'sentMs', 'outcome');
