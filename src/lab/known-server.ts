import type { BaselineHistory } from '../evidence/lab/baseline.ts';
import type { BadArguments } from '../protocol/bad-arguments.ts';
import type { TextArgument } from './client/text-argument.ts';

/** A tool that experiments may call. */
export interface CallableTool {
  name: string;
  /** Variant 0 is the baseline's. Others differ, so that no cache knows them. Undefined: the schema allows no more. */
  arguments: (variant: number) => Record<string, unknown> | undefined;
  /** Arguments that each change another text. */
  textVariations: readonly Record<string, unknown>[];
  /** Where a call can carry a text of the lab. */
  textArguments: readonly TextArgument[];
  /** Arguments that the schema forbids. */
  forbidden: readonly BadArguments[];
}

/** The result of the baseline, from which all experiments start. */
export interface KnownServer {
  baseline: BaselineHistory;
  /** Path of the MCP endpoint. Null over stdio. */
  endpoint: string | null;
  tool: CallableTool | null;
  /** Path of the health endpoint. Null over stdio. */
  health: string | null;
}
