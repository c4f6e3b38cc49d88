import type { BaselineHistory } from '../evidence/lab/baseline.ts';
import type { BadArguments } from '../protocol/bad-arguments.ts';

/** A tool that experiments may call. */
export interface CallableTool {
  name: string;
  /**
   * Arguments by number: 0 are those of the baseline, and others differ from them and from each other, so that no cache has
   * seen them. Undefined: the schema allows no more.
   */
  arguments: (variant: number) => Record<string, unknown> | undefined;
  /** The argument that can carry a text of ours, if need be against its pattern; null: none is a text. */
  textArgument: string | null;
  /** Arguments that the schema forbids; empty: it forbids nothing that can be told. */
  forbidden: readonly BadArguments[];
}

/** What the baseline has found out, and all other experiments start from. */
export interface KnownServer {
  baseline: BaselineHistory;
  /** Path of the MCP endpoint; null over stdio, too. */
  endpoint: string | null;
  tool: CallableTool | null;
  /** Path of the health endpoint; null over stdio, too. */
  health: string | null;
}
