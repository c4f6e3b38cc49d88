export interface Load {
  /** Begins a new phase and resolves when `calls` of it have ended and `until` has come true as well. */
  phase: (name: string, calls: number, until?: Promise<unknown>) => Promise<Phase>;
  /** Resolves when the calls in flight have ended. */
  stop: () => Promise<void>;
}

export interface Phase {
  name: string;
  /** In ms, sorted; of the calls that began in this phase. */
  durations: number[];
  /** What went wrong, one entry a call. */
  failures: string[];
}

/** Makes calls without a pause, `concurrency` at a time. `call` resolves to a description of what went wrong, if anything. */
export function startLoad(concurrency: number, call: (index: number) => Promise<string | undefined>): Load {
  let current: Phase = { name: 'start', durations: [], failures: [] };
  let running = true;
  let index = 0;
  const watchers = new Set<() => void>();
  const open = new Map<Phase, number>();
  const change = (phase: Phase, by: number) => {
    open.set(phase, (open.get(phase) ?? 0) + by);
    for (const watcher of watchers) watcher();
  };
  const when = (isTrue: () => boolean) =>
    new Promise<void>((resolve) => {
      const watcher = () => {
        if (!isTrue()) return;
        watchers.delete(watcher);
        resolve();
      };
      watchers.add(watcher);
      watcher();
    });
  const loop = async () => {
    while (running) {
      const phase = current;
      const started = performance.now();
      index += 1;
      change(phase, 1);
      const problem = await call(index).catch((error: unknown) => String(error));
      phase.durations.push(performance.now() - started);
      if (problem !== undefined) phase.failures.push(problem);
      change(phase, -1);
    }
  };
  const loops = Array.from({ length: concurrency }, loop);
  return {
    phase: async (name, calls, until) => {
      const phase: Phase = { name, durations: [], failures: [] };
      current = phase;
      await when(() => phase.durations.length >= calls);
      await until;
      current = { name: 'between', durations: [], failures: [] };
      await when(() => open.get(phase) === 0);
      phase.durations.sort((a, b) => a - b);
      return phase;
    },
    stop: async () => {
      running = false;
      await Promise.all(loops);
    },
  };
}

/** The value that a share of the calls (0 to 1) stays below or at, in ms. */
export function percentile({ durations }: Phase, share: number): number {
  return durations[Math.min(durations.length - 1, Math.floor(durations.length * share))] ?? Number.NaN;
}

/** One line of figures. */
export function describePhase(phase: Phase): string {
  const [p50, p99, max] = [0.5, 0.99, 1].map((share) => percentile(phase, share).toFixed(1));
  const { durations, failures } = phase;
  return `${phase.name.padEnd(12)} ${durations.length} calls, ${failures.length} failed, p50 ${p50} ms, p99 ${p99} ms, max ${max} ms\n`;
}
