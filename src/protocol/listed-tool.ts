/** A tool as `tools/list` describes it. */
export interface ListedTool {
  name: string;
  annotations?: { readOnlyHint?: boolean | undefined; destructiveHint?: boolean | undefined } | undefined;
  inputSchema: unknown;
}

/** Whether a tool is read-only by its own annotations. Contradictory annotations do not count. */
export function isMarkedReadOnly({ annotations }: ListedTool): boolean {
  return annotations?.readOnlyHint === true && annotations.destructiveHint !== true;
}
