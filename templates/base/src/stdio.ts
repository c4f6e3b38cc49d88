import './stop-signals.ts';

// Loading everything else takes a moment. Signals are heard before.
const { startStdio } = await import('./serve-stdio.ts');
startStdio();
