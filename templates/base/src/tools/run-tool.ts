import type { CallToolResult } from '@modelcontextprotocol/server';
import { currentLog, type Logger } from '../logging.ts';
import { WeatherError } from '../weather/errors.ts';

/** What a tool answers: a sentence for the model and the same facts as data. */
export interface ToolAnswer {
  text: string;
  data: Record<string, unknown>;
}

/**
 * Turns `work` into a tool handler: every call leaves one log line with outcome and duration, and every failure becomes an
 * error result that the model can act on. What the model reads is either a WeatherError's own sentence or a fixed one, so
 * no URL, key or stack trace can reach it.
 */
export function runTool<Input>(tool: string, log: Logger, work: (input: Input) => Promise<ToolAnswer>) {
  return async (input: Input): Promise<CallToolResult> => {
    const started = performance.now();
    const finish = (outcome: string) => ({
      tool,
      input,
      outcome,
      durationMs: Math.round(performance.now() - started),
    });
    try {
      const { text, data } = await work(input);
      currentLog(log).info(finish('ok'), 'tool call answered');
      return { content: [{ type: 'text', text }], structuredContent: data };
    } catch (error) {
      if (error instanceof WeatherError) {
        const line = finish(error.reason);
        if (error.reason === 'not-found') currentLog(log).warn(line, 'tool call refused');
        else currentLog(log).error(line, 'tool call failed');
        return failure(error.message);
      }
      currentLog(log).error({ ...finish('defect'), err: error }, 'tool call failed');
      return failure('The tool failed unexpectedly. Trying again is unlikely to help.');
    }
  };
}

function failure(text: string): CallToolResult {
  return { content: [{ type: 'text', text }], isError: true };
}

/** What to do about arguments that the schema refuses: the SDK explains them to the model, this tells the log. */
export function logInvalid(tool: string, log: Logger) {
  return (problems: string[]) =>
    currentLog(log).warn({ tool, outcome: 'invalid-input', problems }, 'tool call refused');
}
