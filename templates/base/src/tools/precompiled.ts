import type { StandardSchemaWithJSON } from '@modelcontextprotocol/server';

/**
 * The same schema with its JSON Schema worked out once, here, instead of on every request: the MCP server that lists and
 * checks the tools lives for one request only, and the conversion is the most expensive thing it does.
 */
export function precompiled<Input, Output>(
  schema: StandardSchemaWithJSON<Input, Output>,
): StandardSchemaWithJSON<Input, Output> {
  const standard = schema['~standard'];
  const target = { target: 'draft-2020-12' } as const;
  const input = standard.jsonSchema.input(target);
  const output = standard.jsonSchema.output(target);
  return { '~standard': { ...standard, jsonSchema: { input: () => input, output: () => output } } };
}
