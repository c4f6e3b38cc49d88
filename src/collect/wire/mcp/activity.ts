/** Whether anything of a client's is under way on the wire. */
export interface Activity {
  /** Takes note of a request; the function that it returns, of the end of its answer. */
  begin: () => () => void;
  /** Rejects once nothing has been under way for a while: what a client then still waits for cannot come any more. */
  quiet: Promise<never>;
  close: () => void;
}

/** @param quietMs milliseconds without anything under way, after a first request */
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
          alarm = setTimeout(
            () => giveUp(new Error('The answers hold no response to the request.')),
            quietMs,
          );
        }
      };
    },
    quiet,
    close: () => clearTimeout(alarm),
  };
}
