import type { CallOutcome, Events } from '../events.ts';
import type { Alerts } from './alerts.ts';
import type { Kind } from './text.ts';

const toolCalls: Kind = { id: 'tool-calls', problem: 'tool calls fail', over: 'tool calls succeed' };
const defects: Kind = { id: 'defects', problem: 'a defect in this server' };
const requests: Kind = { id: 'requests', problem: 'requests fail' };
const upstream: Kind = {
  id: 'upstream',
  problem: 'the weather service is given up for a while',
  over: 'the weather service is back',
};
const store: Kind = { id: 'store', problem: 'the shared store is unavailable', over: 'the store is back' };
const overload: Kind = {
  id: 'overload',
  problem: 'overloaded, requests are refused',
  over: 'no longer overloaded',
};
const crash: Kind = { id: 'crash', problem: 'the process ends because of an error' };

/** What is neither the caller's doing nor a defect. */
const failures: ReadonlySet<CallOutcome> = new Set(['timeout', 'rejected', 'busy', 'unavailable'] as const);

// One failed call may be chance. Three in a row are none where little happens, ten in a minute where much does.
const failuresInRow = 3;
const failuresInTime = 10;
const failureTimeMs = 60_000;

/** Decides what is worth telling somebody at once. Returns what to call when the process is about to end by an error. */
export function raiseAlerts(
  events: Events,
  alerts: Alerts,
  now: () => number = () => performance.now(),
): () => void {
  watchToolCalls(events, alerts, now);
  events.on('request', ({ method, route, status, quiet, abandoned }) => {
    // 503 is a deliberate refusal: overload, shutdown, or a probe that reports a known problem.
    if (status >= 500 && status !== 503 && !quiet && !abandoned)
      alerts.raise(requests, `${method} ${route} ${status}`);
  });
  events.on('resourceRead', ({ resource, outcome }) => {
    if (outcome === 'defect') alerts.raise(defects, resource);
  });
  events.on('circuit', ({ open }) => (open ? alerts.raise(upstream) : alerts.recover(upstream)));
  events.on('store', ({ available }) => (available ? alerts.recover(store) : alerts.raise(store)));
  events.on('overload', ({ overloaded }) => (overloaded ? alerts.raise(overload) : alerts.recover(overload)));
  return () => alerts.raise(crash);
}

/** Calls count as failing from a few failures on until one succeeds with none for a while before it. */
function watchToolCalls(events: Events, alerts: Alerts, now: () => number): void {
  let failing = false;
  let inRow = 0;
  let lastAt = 0;
  let untold: Array<{ at: number; details: string }> = [];

  events.on('toolCall', ({ tool, outcome }) => {
    if (outcome === 'defect') alerts.raise(defects, tool);
    else if (outcome === 'ok') {
      inRow = 0;
      // Cached answers succeed while the weather service is down.
      if (!failing || now() - lastAt < failureTimeMs) return;
      failing = false;
      alerts.recover(toolCalls);
    } else if (failures.has(outcome)) {
      const details = `${tool} ${outcome}`;
      lastAt = now();
      inRow += 1;
      if (failing) return void alerts.raise(toolCalls, details);
      untold = untold.filter(({ at }) => lastAt - at < failureTimeMs);
      untold.push({ at: lastAt, details });
      if (inRow < failuresInRow && untold.length < failuresInTime) return;
      failing = true;
      for (const failure of untold) alerts.raise(toolCalls, failure.details);
      untold = [];
    }
  });
}
