import { type Markup, markup } from '../markup.ts';
import type { ReportExchange } from '../schema.ts';
import { exchangeLine } from '../words.ts';

/** A request and what came back, word by word. */
export function exchangeDetails(exchange: ReportExchange): Markup {
  const { purpose, request, outcome } = exchange;
  return markup`<details class="exchange"><summary><code>${exchangeLine(exchange)}</code> <span class="muted small">${purpose}</span></summary>
<pre>${message(`${request.method} ${request.url}`, request.headers, request.body)}</pre>
<pre>${
    outcome.kind === 'failure'
      ? `No answer (${outcome.reason}): ${outcome.message}`
      : message(`HTTP ${outcome.status}`, outcome.headers, outcome.body)
  }</pre>
${outcome.kind === 'answer' ? markup`<p class="muted small">${bodyNote(outcome)}</p>\n` : null}</details>
`;
}

/** As HTTP writes it: the line, the headers, and the body after an empty line. */
function message(line: string, headers: Record<string, string>, body = ''): string {
  const fields = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  return [line, ...fields, ...(body === '' ? [] : ['', body])].join('\n');
}

const ends = {
  complete: 'the whole body',
  cut: 'where reading stopped',
  open: 'a stream that was left',
  broken: 'where the answer broke off',
} as const;

const bodyNote = ({ bodyBytes, bodyEnd }: Extract<ReportExchange['outcome'], { kind: 'answer' }>): string =>
  `${bodyBytes} bytes read: ${ends[bodyEnd]}.`;
