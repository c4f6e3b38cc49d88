import type { LoggedCall, LoggingHistory } from '../../../evidence/lab/logging.ts';
import {
  idsOf,
  lineCount,
  linesOf,
  sent,
  shown,
  type WrittenLine,
  wrote,
} from '../../reading/lab/logging.ts';
import { fail, inconclusive, type Judgement, pass } from '../../row.ts';

/** Fields that name one request, by their lower-case paths. */
const requestFields =
  /(?:request|req|trace|correlation|transaction|operation|invocation|call|rpc)[._-]?(?:id|uuid)$|\/trace$/;
/** Fields that name something: it may be the request. */
const idFields = /(?:^|[._-])(?:id|rid|uuid)$|id$/;

/** Judges whether the lines of one request can be found together. */
export function judgeRequestIds(history: LoggingHistory): Judgement {
  const each = history.calls.map((call) => {
    const { own, near } = linesOf(history, call);
    return { call, own, lines: [...own, ...near] };
  });
  for (const { call, lines } of each) {
    const carrying = lines.find(({ text }) => idsOf(call).some((id) => text.toLowerCase().includes(id)));
    if (carrying !== undefined) {
      return pass(
        'A line of a call carries the id that came with it (x-request-id or traceparent).',
        sent(call),
        wrote(carrying),
      );
    }
  }
  const called = each.filter(({ own }) => own.length > 0);
  const [first] = called;
  if (first === undefined) return inconclusive('No line tells of a call, so that none can carry its id.');
  const told = called.map(({ call, own, lines }) => {
    const others = each.filter((other) => other.call !== call).flatMap((other) => other.lines);
    return { call, own, ids: idsOnlyIn(lines, others) };
  });
  const shared = told
    .flatMap(({ call, ids }) => ids.map((id) => ({ call, ...id })))
    .find(({ count }) => count > 1);
  if (shared !== undefined) {
    return pass(`${lineCount(shared.count)} of one call share an id in "${shared.path}".`, sent(shared.call));
  }
  const single = told.every(
    ({ own, ids }) => own.length === 1 && ids.some(({ path }) => requestFields.test(path)),
  );
  if (single && told.length > 1) {
    const path = told[0]?.ids.find((id) => requestFields.test(id.path))?.path;
    return pass(`Each of ${told.length} calls left one line with an id of its own in "${path}".`);
  }
  const lines = called.flatMap(({ own }) => own);
  if (lines.some(({ read }) => read.form === 'text')) {
    return inconclusive(
      'No line carries the x-request-id that was sent; whether another id is in lines of plain text cannot be read.',
    );
  }
  const [line] = first.own;
  return fail(
    `${lineCount(lines.length)} of ${called.length} calls carry neither the x-request-id that was sent nor an id that their lines share${line === undefined ? '.' : `: ${shown(line)}`}`,
    ...called.slice(0, 2).map(({ call }: { call: LoggedCall }) => sent(call)),
  );
}

/** Ids in these lines and in no others, with the number of lines that hold each. */
function idsOnlyIn(
  lines: readonly WrittenLine[],
  others: readonly WrittenLine[],
): { path: string; value: string; count: number }[] {
  const elsewhere = new Set(others.flatMap(idsIn).map(({ key }) => key));
  const counts = new Map<string, { path: string; value: string; count: number }>();
  for (const { key, path, value } of lines.flatMap(idsIn)) {
    if (elsewhere.has(key)) continue;
    const known = counts.get(key);
    if (known === undefined) counts.set(key, { path, value, count: 1 });
    else known.count += 1;
  }
  return [...counts.values()];
}

function idsIn({ read }: WrittenLine): { key: string; path: string; value: string }[] {
  return Object.entries(read.fields).flatMap(([path, value]) =>
    (typeof value === 'string' || typeof value === 'number') && value !== '' && idFields.test(path)
      ? [{ key: `${path} ${value}`, path, value: String(value) }]
      : [],
  );
}
