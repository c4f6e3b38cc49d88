import type { McpServer, ToolAnnotations } from '@modelcontextprotocol/server';
import type * as z from 'zod';
import type { Services } from '../services.ts';
import { precompiled, watched } from './precompiled.ts';
import { reportInvalid, runTool, type ToolAnswer } from './run-tool.ts';

export interface ToolDefinition<Input extends object, Data extends Record<string, unknown>> {
  name: string;
  /** For people. */
  title: string;
  /** For the model: what the tool does and when to use it. */
  description: string;
  input: z.ZodType<Input>;
  output: z.ZodType<Data>;
  annotations: ToolAnnotations;
  /** The arguments that may be logged. None that hold secrets or say something about a person. */
  safe: ReadonlyArray<keyof Input & string>;
  work(input: Input, services: Services): Promise<ToolAnswer<Data>>;
}

/** A tool, ready to be added to the MCP server of a request or a connection. */
export type Tool = (server: McpServer, services: Services) => void;

/** Makes a tool whose arguments are checked, whose calls are reported, and whose failures tell no internals. */
export function defineTool<Input extends object, Data extends Record<string, unknown>>({
  name,
  input,
  output,
  safe,
  work,
  ...words
}: ToolDefinition<Input, Data>): Tool {
  const inputSchema = precompiled(input);
  const outputSchema = precompiled(output);
  return (server, services) => {
    const { events } = services;
    server.registerTool(
      name,
      { ...words, inputSchema: watched(inputSchema, reportInvalid(name, events)), outputSchema },
      runTool({ tool: name, events, safe }, (values: Input) => work(values, services)),
    );
  };
}
