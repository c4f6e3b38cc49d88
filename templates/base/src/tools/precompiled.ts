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

/**
 * The same schema, which tells `onInvalid` what was wrong with each value it refused. The SDK answers invalid arguments
 * before a tool's own code runs, so without this such calls would leave no trace.
 */
export function watched<Input, Output>(
  schema: StandardSchemaWithJSON<Input, Output>,
  onInvalid: (problems: string[]) => void,
): StandardSchemaWithJSON<Input, Output> {
  const standard = schema['~standard'];
  const told = <Result extends Awaited<ReturnType<typeof standard.validate>>>(result: Result): Result => {
    if (result.issues) onInvalid(result.issues.map(describe));
    return result;
  };
  const validate: typeof standard.validate = (value, options) => {
    const result = standard.validate(value, options);
    return result instanceof Promise ? result.then(told) : told(result);
  };
  return { '~standard': { ...standard, validate } };
}

/** Which argument, and what is wrong with it: never its value. */
function describe({ path, message }: { path?: ReadonlyArray<unknown> | undefined; message: string }): string {
  const names = (path ?? []).map((part) =>
    String(typeof part === 'object' && part !== null && 'key' in part ? part.key : part),
  );
  return [names.join('.'), message].filter((text) => text !== '').join(': ');
}
