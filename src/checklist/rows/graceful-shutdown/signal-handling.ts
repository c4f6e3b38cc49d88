import type { ProjectEvidence } from '../../../evidence/project.ts';
import { listOf, noServerSource, placesOf, serverSource } from '../../reading/server/server-source.ts';
import { fail, inconclusive, type Judgement } from '../../row.ts';

/** Whether this ends up in the default of Node, which dies of SIGTERM; other frameworks may handle it by themselves. */
const leavesItToNode = (library: string): boolean =>
  /^(?:express|koa|polka|https?|http2|@hono\/node-server)$/.test(library);

const onTerm = ({ signal }: { signal: string }): boolean => signal === 'SIGTERM' || signal === 'unknown';

/** Judges what the source does on SIGTERM with calls in flight. That it is handled does not say that they finish. */
export function judgeSignalHandlers(project: ProjectEvidence): Judgement {
  const source = serverSource(project);
  if (!source) return inconclusive(noServerSource(project));
  const handlers = source.signalHandlers.filter(onTerm);
  const abrupt = handlers.filter(({ exitsAtOnce, signal }) => exitsAtOnce && signal === 'SIGTERM');
  if (abrupt.length > 0 && source.listeners.length > 0) {
    return fail(
      `${listOf(abrupt, ({ signal }) => signal)} is answered by leaving at once: calls in flight are lost.`,
      ...placesOf(abrupt),
    );
  }
  return handlers.length > 0
    ? inconclusive(
        `${listOf(handlers, () => 'SIGTERM')} is handled; only an experiment (SIGTERM with a call in flight) shows whether the call finishes.`,
      )
    : inconclusive('Only an experiment (SIGTERM with a call in flight) can show this.');
}

/** Judges whether SIGTERM ends the process cleanly. Node dies of it unless somebody handles it; uvicorn handles it. */
export function judgeExit(project: ProjectEvidence): Judgement {
  const source = serverSource(project);
  if (!source) return inconclusive(noServerSource(project));
  // Wherever it stands: a package beside the server's may be the one that does.
  const handled = project.source.signalHandlers.some(onTerm);
  const ownServer = source.listeners.filter(({ library }) => leavesItToNode(library));
  const official = source.mcpImports.every(({ library }) => library.startsWith('@modelcontextprotocol/'));
  const certain =
    !handled && source.unparsed === 0 && official && ownServer.length === source.listeners.length;
  if (certain && ownServer.length > 0) {
    return fail(
      `Nothing handles SIGTERM: the server of ${listOf(ownServer, ({ library }) => library)} dies of it at once or, as process 1 of a container, ignores it until it is killed.`,
      ...placesOf(ownServer),
    );
  }
  return inconclusive('Only an experiment (SIGTERM, and a look at what is left) can show this.');
}
