import { exchangeLine } from '../labels.ts';
import { type Markup, markup } from '../markup.ts';
import type { ReportExchange } from '../schema.ts';

/** A request and its response, word for word. */
export function exchangeDetails(exchange: ReportExchange): Markup {
  const { purpose, request, outcome } = exchange;
  return markup`<details class="exchange"><summary><code>${exchangeLine(exchange)}</code> <span class="muted small">${purpose}</span></summary>
<pre>${message(`${request.method} ${request.url}`, request.headers, request.body)}</pre>
<pre>${
    outcome.kind === 'failure'
      ? `No response (${outcome.reason}): ${outcome.message}`
      : message(`HTTP ${outcome.status}`, outcome.headers, outcome.body)
  }</pre>
${outcome.kind === 'answer' ? markup`<p class="muted small">${bodyNote(outcome)}</p>\n` : null}</details>
`;
}

/** In the form of HTTP/1.1: the first line, the headers, an empty line, the body. */
function message(line: string, headers: Record<string, string>, body = ''): string {
  const fields = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  return [line, ...fields, ...(body === '' ? [] : ['', body])].join('\n');
}

const ends = {
  complete: 'the whole body',
  cut: 'the audit stopped reading',
  open: 'the stream was still open',
  broken: 'the connection broke',
} as const;

const bodyNote = ({ bodyBytes, bodyEnd }: Extract<ReportExchange['outcome'], { kind: 'answer' }>): string =>
  `${bodyBytes} bytes read: ${ends[bodyEnd]}.`;
