/** Counts a client's open requests. */
export interface Activity {
  /** Notes the start of a request. The returned function notes the end of its answer. */
  begin: () => () => void;
  /** Rejects when no request was open for a while: the client would wait for ever. */
  quiet: Promise<never>;
  close: () => void;
}

/** @param quietMs milliseconds without an open request, after the first one */
export function createActivity(quietMs: number): Activity {
  let active = 0;
  let alarm: NodeJS.Timeout | undefined;
  let giveUp: (reason: Error) => void = () => {};
  const quiet = new Promise<never>((_resolve, reject) => {
    giveUp = reject;
  });
  quiet.catch(() => {});
  return {
    begin: () => {
      clearTimeout(alarm);
      active += 1;
      let over = false;
      return () => {
        if (over) return;
        over = true;
        active -= 1;
        if (active === 0) {
          alarm = setTimeout(() => giveUp(new Error('The server sent no response to the request.')), quietMs);
        }
      };
    },
    quiet,
    close: () => clearTimeout(alarm),
  };
}
