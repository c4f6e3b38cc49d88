export interface ServerSentEvent {
  /** `message` unless the server named it. */
  type: string;
  data: string;
}

/**
 * Parses an event stream as it arrives (HTML living standard, section 9.2.6). It drops events without data, as a browser does.
 *
 * @returns a function that takes the next piece of text and returns the events that it completed
 */
export function createEventReader(): (piece: string) => ServerSentEvent[] {
  let rest = '';
  let type = '';
  let data: string[] = [];
  let first = true;

  return (piece) => {
    // Only a piece with a line end can complete an event, so long lines cost no repeated search.
    if (!/[\r\n]/.test(piece) && !rest.endsWith('\r')) {
      rest += piece;
      return [];
    }
    const text = rest + piece;
    // A final CR may be the first half of CRLF.
    const held = text.endsWith('\r') ? 1 : 0;
    const lines = text.slice(0, text.length - held).split(/\r\n|\n|\r/);
    rest = (lines.pop() ?? '') + (held === 1 ? '\r' : '');
    const events: ServerSentEvent[] = [];
    for (const raw of lines) {
      const line = first ? raw.replace(/^\uFEFF/, '') : raw;
      first = false;
      if (line === '') {
        if (data.length > 0) events.push({ type: type || 'message', data: data.join('\n') });
        type = '';
        data = [];
        continue;
      }
      const colon = line.indexOf(':');
      const field = colon === -1 ? line : line.slice(0, colon);
      const value = colon === -1 ? '' : line.slice(colon + 1).replace(/^ /, '');
      if (field === 'data') data.push(value);
      else if (field === 'event') type = value;
    }
    return events;
  };
}
