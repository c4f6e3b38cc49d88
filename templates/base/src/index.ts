import './process/stop-signals.ts';

// Loading everything else takes a moment. Signals are heard before.
const { startServer } = await import('./http/start.ts');
startServer();
