import { serve as serveUntilTheEnd } from '../../parts/stdio.mjs';

/** Lives on when the client has gone away. */
export function serve({ shutdown, ...rest }) {
  setInterval(() => {}, 30_000);
  serveUntilTheEnd({ ...rest, shutdown: { ...shutdown, drain: () => {} } });
}
