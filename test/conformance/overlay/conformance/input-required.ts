import {
  acceptedContent,
  CLIENT_CAPABILITIES_META_KEY,
  type ClientCapabilities,
  type InputRequests,
  inputRequired,
  type McpServer,
  type RequestStateCodec,
  type ServerContext,
} from '@modelcontextprotocol/server';
import * as z from 'zod';
import { said } from './media.ts';

type State = Record<string, unknown>;

const inputSchema = z.object({});

/** A question with one field. */
const ask = (message: string, field: string, type: 'string' | 'boolean' = 'string') => {
  const property = type === 'string' ? { type: 'string' as const } : { type: 'boolean' as const };
  return inputRequired.elicit({
    message,
    requestedSchema: { type: 'object', properties: { [field]: property }, required: [field] },
  });
};
const askForName = () => ask('What is your name?', 'name');
const askForText = (prompt: string) =>
  inputRequired.createMessage({
    messages: [{ role: 'user', content: { type: 'text', text: prompt } }],
    maxTokens: 50,
  });

const given = (context: ServerContext, key: string) => context.mcpReq.inputResponses?.[key];
const accepted = (context: ServerContext, key: string) =>
  acceptedContent<Record<string, unknown>>(context.mcpReq.inputResponses, key);

/** Tools of revision 2026-07-28 that need more input, and get it with the next request. */
export function registerInputRequired(server: McpServer, codec: RequestStateCodec<State>): void {
  const tool = (name: string, work: (context: ServerContext) => Promise<object>) =>
    server.registerTool(
      name,
      { description: `Needs input: ${name}`, inputSchema },
      async (_input, context) => (await work(context)) as ReturnType<typeof said>,
    );
  const prefix = 'test_input_required_result';

  tool(`${prefix}_elicitation`, async (context) => {
    const name = accepted(context, 'user_name')?.name;
    if (typeof name === 'string') return said(`Hello, ${name}!`);
    return inputRequired({ inputRequests: { user_name: askForName() } });
  });

  tool(`${prefix}_sampling`, async (context) => {
    const answer = given(context, 'capital_question');
    if (answer !== undefined) return said(`The model says: ${JSON.stringify(answer)}`);
    return inputRequired({
      inputRequests: { capital_question: askForText('What is the capital of France?') },
    });
  });

  tool('test_missing_capability', async (context) => {
    if (given(context, 'answer') !== undefined) return said('The model has answered.');
    return inputRequired({ inputRequests: { answer: askForText('Say anything.') } });
  });

  tool(`${prefix}_list_roots`, async (context) => {
    const roots = given(context, 'client_roots');
    if (roots !== undefined) return said(`The roots are ${JSON.stringify(roots)}`);
    return inputRequired({ inputRequests: { client_roots: inputRequired.listRoots() } });
  });

  const confirmed = async (context: ServerContext) => {
    if (accepted(context, 'confirm') !== undefined && context.mcpReq.requestState() !== undefined) {
      return said('state-ok');
    }
    return inputRequired({
      inputRequests: { confirm: ask('Please confirm', 'ok', 'boolean') },
      requestState: await codec.mint({ nonce: crypto.randomUUID() }),
    });
  };
  tool(`${prefix}_request_state`, confirmed);
  tool(`${prefix}_tampered_state`, confirmed);

  tool(`${prefix}_multiple_inputs`, async (context) => {
    const keys = ['user_name', 'greeting', 'client_roots'];
    if (keys.every((key) => given(context, key) !== undefined)) return said('All of it arrived.');
    return inputRequired({
      inputRequests: {
        user_name: askForName(),
        greeting: askForText('Generate a greeting'),
        client_roots: inputRequired.listRoots(),
      },
      requestState: await codec.mint({ nonce: crypto.randomUUID() }),
    });
  });

  tool(`${prefix}_multi_round`, async (context) => {
    const round = context.mcpReq.requestState<State>()?.round ?? 0;
    if (round === 2) return said(`All rounds are over: ${JSON.stringify(given(context, 'step2'))}`);
    return inputRequired({
      inputRequests:
        round === 0 ? { step1: askForName() } : { step2: ask('What is your favourite colour?', 'color') },
      requestState: await codec.mint({ round: round === 0 ? 1 : 2, nonce: crypto.randomUUID() }),
    });
  });

  tool(`${prefix}_capabilities`, async (context) => {
    const envelope: Record<string, ClientCapabilities> = context.mcpReq.envelope ?? {};
    const declared = envelope[CLIENT_CAPABILITIES_META_KEY];
    const inputRequests: InputRequests = {
      ...(declared?.elicitation !== undefined && { user_name: askForName() }),
      ...(declared?.sampling !== undefined && { greeting: askForText('Generate a greeting') }),
      ...(declared?.roots !== undefined && { client_roots: inputRequired.listRoots() }),
    };
    const none = Object.keys(inputRequests).length === 0 || context.mcpReq.inputResponses !== undefined;
    return none ? said('There is nothing to ask.') : inputRequired({ inputRequests });
  });
}
