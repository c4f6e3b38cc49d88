import type { LoggingHistory } from '../../../evidence/lab/logging.ts';
import {
  excerpt,
  idsOf,
  lineCount,
  linesOf,
  sent,
  type WrittenLine,
  wrote,
} from '../../reading/lab/logging.ts';
import { fail, inconclusive, type Judgement, pass } from '../../row.ts';

/** Fields that name one request, by their lower-case paths. */
const requestFields =
  /(?:request|req|trace|correlation|transaction|operation|invocation|call|rpc)[._-]?(?:id|uuid)$|\/trace$/;
/** Fields that may name one request. */
const idFields = /(?:^|[._-])(?:id|rid|uuid)$|id$/;

/** Judges whether an id connects the log lines of one request. */
export function judgeRequestIds(history: LoggingHistory): Judgement {
  const all = history.calls.map((call) => {
    const { own, near } = linesOf(history, call);
    return { call, own, lines: [...own, ...near] };
  });
  for (const { call, lines } of all) {
    const carrying = lines.find(({ text }) => idsOf(call).some((id) => text.toLowerCase().includes(id)));
    if (carrying !== undefined) {
      return pass(
        'A log line carries the id that the lab sent with its call (x-request-id or traceparent).',
        sent(call),
        wrote(carrying),
      );
    }
  }
  const logged = all
    .filter(({ own }) => own.length > 0)
    .map(({ call, own, lines }) => {
      const others = all.filter((other) => other.call !== call).flatMap((other) => other.lines);
      return { call, own, ids: idsOnlyIn(lines, others) };
    });
  const [first] = logged;
  const [line] = first?.own ?? [];
  if (first === undefined || line === undefined) {
    return inconclusive('No log line names a call. Whether lines carry a request id is unknown.');
  }
  const shared = logged
    .flatMap(({ call, ids }) => ids.map((id) => ({ call, ...id })))
    .find(({ count }) => count > 1);
  if (shared !== undefined) {
    return pass(`${lineCount(shared.count)} of one call share an id in "${shared.path}".`, sent(shared.call));
  }
  const requestIds = logged.map(({ own, ids }) =>
    own.length === 1 ? ids.find(({ path }) => requestFields.test(path)) : undefined,
  );
  if (logged.length > 1 && requestIds.every((id) => id !== undefined)) {
    return pass(`Each of ${logged.length} calls logged one line with its own "${requestIds[0]?.path}".`);
  }
  const lines = logged.flatMap(({ own }) => own);
  if (lines.some(({ read }) => read.form === 'text')) {
    return inconclusive(
      'No line carries the x-request-id that the lab sent. Other ids in plain text are unknown.',
    );
  }
  return fail(
    `${lineCount(lines.length)} of ${logged.length} calls carry neither the x-request-id that the lab sent nor a shared id: ${excerpt(line)}`,
    ...logged.slice(0, 2).map(({ call }) => sent(call)),
  );
}

interface FoundId {
  path: string;
  /** Lines that carry it. */
  count: number;
}

/** Ids that are in these lines and in no others. */
function idsOnlyIn(lines: readonly WrittenLine[], others: readonly WrittenLine[]): FoundId[] {
  const otherKeys = new Set(others.flatMap(idsIn).map(({ key }) => key));
  const found = new Map<string, FoundId>();
  for (const { key, path } of lines.flatMap(idsIn)) {
    if (otherKeys.has(key)) continue;
    found.set(key, { path, count: (found.get(key)?.count ?? 0) + 1 });
  }
  return [...found.values()];
}

function idsIn({ read }: WrittenLine): { key: string; path: string }[] {
  return Object.entries(read.fields).flatMap(([path, value]) =>
    (typeof value === 'string' || typeof value === 'number') && value !== '' && idFields.test(path)
      ? [{ key: `${path} ${value}`, path }]
      : [],
  );
}
