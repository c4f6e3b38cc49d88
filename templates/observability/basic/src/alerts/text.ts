/** What can go wrong. `over` says how its end is announced; without it there is none. */
export interface Kind {
  id: string;
  problem: string;
  over?: string;
}

/** A problem, with what happened since its last alert. */
export interface Problem {
  kind: Kind;
  count: number;
  /** How often by details. */
  tally: Map<string, number>;
  active: boolean;
}

// Enough for every tool with every outcome.
const maxDetails = 12;

/** One line. `known`: an alert was sent before, and no message about its end. */
export function problemText({ kind, count, tally, active }: Problem, known: boolean): string {
  const what = [count === 1 ? '' : ` (${count} times)`, tally.size === 0 ? '' : `: ${listed(tally)}`].join(
    '',
  );
  if (known && !active) return `Recovered: ${kind.over}${count === 0 ? '' : `, after more of it${what}`}`;
  const end = !active && kind.over !== undefined ? `; ${kind.over} by now` : '';
  return `${known ? 'Still a problem' : 'Problem'}: ${kind.problem}${what}${end}`;
}

function listed(tally: Map<string, number>): string {
  return [...tally]
    .slice(0, maxDetails)
    .map(([words, times]) => `${words} x ${times}`)
    .join(', ');
}

/** Slack's three control characters: https://docs.slack.dev/messaging/formatting-message-text */
export function escapeText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
