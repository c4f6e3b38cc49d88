import type { Connect, Upstream } from './contract.ts';
import type { UpstreamOptions, Upstreams } from './upstream.ts';

// By then the process answers, and nobody has to wait for this.
const loadAfterMs = 1_000;

/**
 * The same as `createUpstreams`, loaded shortly after the start, or at once when the first question is asked: the HTTP client
 * and what it needs take as long to load as a quarter of everything else, and a process that has just started has other
 * questions to answer first.
 */
export function createLateUpstreams(options: UpstreamOptions): Upstreams {
  const connections: Array<{ baseUrl: string; upstream?: Upstream }> = [];
  let loaded: Upstreams | undefined;
  let loading: Promise<void> | undefined;
  const load = () => {
    clearTimeout(timer);
    loading ??= import('./upstream.ts').then(({ createUpstreams }) => {
      loaded = createUpstreams(options);
      // All of them, since `known` speaks for all.
      for (const connection of connections) connection.upstream = loaded.connect(connection.baseUrl);
    });
    return loading;
  };
  const timer = setTimeout(load, loadAfterMs).unref();

  const connect: Connect = (baseUrl) => {
    const connection: (typeof connections)[number] = { baseUrl };
    connections.push(connection);
    return {
      async get(question, getOptions) {
        if (connection.upstream === undefined) await load();
        return (connection.upstream as Upstream).get(question, getOptions);
      },
    };
  };

  return {
    connect,
    known: () => loaded?.known(),
    async close() {
      clearTimeout(timer);
      await loading;
      await loaded?.close();
    },
  };
}
