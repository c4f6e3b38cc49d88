import type { ProjectEvidence } from '../../../evidence/project.ts';
import { listOf, noServerSource, placesOf, serverSource } from '../../reading/server/server-source.ts';
import { fail, inconclusive, type Judgement } from '../../row.ts';

/** Whether the library leaves SIGTERM to Node, whose default is to die; other frameworks may handle it. */
const leavesSignalToNode = (library: string): boolean =>
  /^(?:express|koa|polka|https?|http2|@hono\/node-server)$/.test(library);

const mayHandleTerm = ({ signal }: { signal: string }): boolean =>
  signal === 'SIGTERM' || signal === 'unknown';

/** Judges whether a SIGTERM handler exits at once. A handler alone does not show that calls finish. */
export function judgeSignalHandlers(project: ProjectEvidence): Judgement {
  const source = serverSource(project);
  if (!source) return inconclusive(noServerSource(project));
  const handlers = source.signalHandlers.filter(mayHandleTerm);
  const abrupt = handlers.filter(({ exitsAtOnce, signal }) => exitsAtOnce && signal === 'SIGTERM');
  if (abrupt.length > 0 && source.listeners.length > 0) {
    return fail(
      `The source exits at once on ${listOf(abrupt, ({ signal }) => signal)}. Calls in flight are lost.`,
      ...placesOf(abrupt),
    );
  }
  const handled = handlers.length > 0 ? `The source handles ${listOf(handlers, () => 'SIGTERM')}. ` : '';
  return inconclusive(
    `${handled}Whether a call in flight finishes is unknown; only an experiment (SIGTERM with a call in flight) can show it.`,
  );
}

/** Judges whether SIGTERM ends the process cleanly. Node dies of it without a handler; uvicorn handles it. */
export function judgeExit(project: ProjectEvidence): Judgement {
  const source = serverSource(project);
  if (!source) return inconclusive(noServerSource(project));
  // Another package of the project may install the handler.
  const handled = project.source.signalHandlers.some(mayHandleTerm);
  const nodeServers = source.listeners.filter(({ library }) => leavesSignalToNode(library));
  const official = source.mcpImports.every(({ library }) => library.startsWith('@modelcontextprotocol/'));
  const certain =
    !handled && source.unparsed === 0 && official && nodeServers.length === source.listeners.length;
  if (certain && nodeServers.length > 0) {
    return fail(
      `The source has no SIGTERM handler for ${listOf(nodeServers, ({ library }) => library)}. Without one, Node ends at once and drops its calls. As process 1 of a container, Node ignores the signal until the platform kills it.`,
      ...placesOf(nodeServers),
    );
  }
  return inconclusive('How SIGTERM ends the process is unknown; only an experiment can show it.');
}
