import type { CallToolResult } from '@modelcontextprotocol/server';
import type { CallOutcome, Events } from '../events.ts';
import { scoped } from '../scope.ts';
import { WeatherError } from '../weather/errors.ts';

/** What a tool answers: a sentence for the model and the same facts as data. */
export interface ToolAnswer<Data extends Record<string, unknown> = Record<string, unknown>> {
  text: string;
  data: Data;
}

export interface RunToolOptions<Input> {
  tool: string;
  events: Events;
  /** The arguments that may be logged. None that hold secrets or say something about a person. */
  safe: ReadonlyArray<keyof Input & string>;
}

/**
 * Turns `work` into a tool handler: every call is reported with outcome and duration, and every failure becomes an error
 * result that the model can act on. What the model reads is either a WeatherError's own sentence or a fixed one, so no URL,
 * key or stack trace can reach it.
 */
export function runTool<Input extends object>(
  { tool, events, safe }: RunToolOptions<Input>,
  work: (input: Input) => Promise<ToolAnswer>,
) {
  return scoped(`tools/call ${tool}`, async (input: Input): Promise<CallToolResult> => {
    const started = performance.now();
    const report = (outcome: CallOutcome, detail?: { error: unknown }) =>
      events.emit('toolCall', {
        tool,
        outcome,
        durationMs: performance.now() - started,
        input: Object.fromEntries(safe.map((name) => [name, input[name]])),
        ...detail,
      });
    try {
      const { text, data } = await work(input);
      report('ok');
      return { content: [{ type: 'text', text }], structuredContent: data };
    } catch (error) {
      if (error instanceof WeatherError) {
        report(error.reason);
        return failure(error.message);
      }
      report('defect', { error });
      return failure('The tool failed unexpectedly. Trying again is unlikely to help.');
    }
  });
}

function failure(text: string): CallToolResult {
  return { content: [{ type: 'text', text }], isError: true };
}

/** What to do about arguments that the schema refuses: the SDK explains them to the model, this tells the operators. */
export function reportInvalid(tool: string, events: Events) {
  return (problems: string[]) =>
    events.emit('toolCall', { tool, outcome: 'invalid-input', durationMs: 0, problems });
}
