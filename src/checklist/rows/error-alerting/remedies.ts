import type { Remedies } from '../../remedy.ts';

export const remedies: Remedies = {
  typescript: {
    text: 'A Prometheus rule on the share of failed calls, which Alertmanager groups and sends on, makes one page of one outage.',
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
    text: 'Sentry groups equal failures into one issue and tells about each once; it picks up what is logged as an error.',
    language: 'python',
    code: `import os

import sentry_sdk

sentry_sdk.init(dsn=os.environ["SENTRY_DSN"], send_default_pii=False)`,
  },
};
