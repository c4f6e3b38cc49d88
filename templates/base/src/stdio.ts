import './process/stop-signals.ts';

// Loading everything else takes a moment. Signals are heard before.
const { startStdio } = await import('./stdio/start.ts');
startStdio();
