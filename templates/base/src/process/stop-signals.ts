type Stop = (signal: NodeJS.Signals) => void;

// Before the server is up there is nothing to lose. A handler has to be there all the same: as PID 1 of a container the
// process would not even notice the signal.
let stop: Stop = () => process.exit(0);

process.on('SIGTERM', (signal) => stop(signal));
process.on('SIGINT', (signal) => stop(signal));

/** Says what SIGTERM and SIGINT do from now on; until then they end the process with 0. */
export function onStopSignal(handler: Stop): void {
  stop = handler;
}
