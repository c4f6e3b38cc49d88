/** A tool as `tools/list` describes it. */
export interface ListedTool {
  name: string;
  annotations?: { readOnlyHint?: boolean | undefined; destructiveHint?: boolean | undefined } | undefined;
  inputSchema: unknown;
}

/** By its own annotations, which nothing proves; one that says the opposite as well says nothing. */
export function saysItOnlyReads({ annotations }: ListedTool): boolean {
  return annotations?.readOnlyHint === true && annotations.destructiveHint !== true;
}
