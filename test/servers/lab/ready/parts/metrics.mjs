import { tool } from './tool.mjs';

const bounds = [0.005, 0.025, 0.1, 0.25, 0.5, 1, 2.5, 5];

const outcomes = ['ok', 'invalid', 'failed'];

/** Counts calls, and writes them down as Prometheus reads them (text format 0.0.4). */
export function createMetrics() {
  // There from the start, so that the first failure is an increase.
  const calls = new Map(outcomes.map((outcome) => [labelsOf(tool.name, outcome), 0]));
  const buckets = new Array(bounds.length).fill(0);
  let seconds = 0;
  let count = 0;
  return {
    observe: ({ tool: name, outcome, duration_ms: ms }) => {
      const labels = labelsOf(name, outcome);
      calls.set(labels, calls.get(labels) + 1);
      for (const [index, bound] of bounds.entries()) if (ms / 1_000 <= bound) buckets[index] += 1;
      seconds += ms / 1_000;
      count += 1;
    },
    text: () =>
      `${[
        '# HELP mcp_tool_calls_total Tool calls by outcome.',
        '# TYPE mcp_tool_calls_total counter',
        ...[...calls].map(([labels, value]) => `mcp_tool_calls_total{${labels}} ${value}`),
        '# HELP mcp_tool_call_duration_seconds How long tool calls took.',
        '# TYPE mcp_tool_call_duration_seconds histogram',
        ...bounds.map((le, index) => `mcp_tool_call_duration_seconds_bucket{le="${le}"} ${buckets[index]}`),
        `mcp_tool_call_duration_seconds_bucket{le="+Inf"} ${count}`,
        `mcp_tool_call_duration_seconds_sum ${seconds}`,
        `mcp_tool_call_duration_seconds_count ${count}`,
      ].join('\n')}\n`,
  };
}

function labelsOf(name, outcome) {
  return `tool="${name}",outcome="${outcome}"`;
}
