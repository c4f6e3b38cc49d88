import type { Remedies } from '../../remedy.ts';

export const remedies: Remedies = {
  typescript: {
    text: 'A Prometheus rule watches the share of failed calls. Alertmanager groups its alerts: one outage sends one.',
    language: 'yaml',
    code: `groups:
  - name: weather
    rules:
      - alert: ToolCallsFail
        expr: |
          sum(rate(mcp_tool_call_duration_seconds_count{outcome="error"}[5m]))
            > 0.1 * sum(rate(mcp_tool_call_duration_seconds_count[5m]))
        for: 5m
        labels:
          severity: page
        annotations:
          summary: More than a tenth of the tool calls fail.`,
  },
  python: {
    text: 'Sentry groups equal failures into one issue and reports each issue once. It also collects log entries of level error.',
    language: 'python',
    code: `import os

import sentry_sdk

sentry_sdk.init(dsn=os.environ["SENTRY_DSN"], send_default_pii=False)`,
  },
};
