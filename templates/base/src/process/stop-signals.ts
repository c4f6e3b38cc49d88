type Stop = (signal: NodeJS.Signals) => void;

// Before the server is up there is nothing to lose. It still needs a handler: as PID 1 of a container, a process without
// one ignores the signal.
let stop: Stop = () => process.exit(0);

process.on('SIGTERM', (signal) => stop(signal));
process.on('SIGINT', (signal) => stop(signal));

/** Says what SIGTERM and SIGINT do from now on; until then they end the process with 0. */
export function onStopSignal(handler: Stop): void {
  stop = handler;
}
