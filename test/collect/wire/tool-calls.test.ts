import { expect, test } from 'vitest';
import { badArguments } from '../../../src/protocol/bad-arguments.ts';
import { startDualEraServer } from '../../servers/dual-era.ts';
import { startSseServer } from '../../servers/http-sse.ts';
import { startStatefulServer } from '../../servers/stateful.ts';
import { judgeCriterion } from '../../support/rows.ts';
import { collect, using } from './support.ts';

const tool = { name: 'get_weather', arguments: { city: 'London' } };
const verdictOf = (wire: Awaited<ReturnType<typeof collect>>) =>
  judgeCriterion('input-validation', 'bad-arguments', { wire });

test('no tool is called that was not named', async () => {
  const server = await using(startDualEraServer());
  const evidence = await collect(server);
  expect(evidence.toolCalls).toEqual([]);
  expect(evidence.exchanges.filter(({ request }) => request.body?.includes('tools/call'))).toEqual([]);
  expect(verdictOf(evidence)).toMatchObject({
    verdict: 'inconclusive',
    reason: expect.stringContaining('--tool <name> --tool-args <json>'),
  });
});

test.each([
  ['of both eras', () => startDualEraServer()],
  ['of the legacy era', () => startDualEraServer({ era: 'legacy' })],
  ['with sessions', () => startStatefulServer()],
])('a server %s is called once well and twice badly', async (_name, start) => {
  const evidence = await collect(await using(start()), { tool });
  expect(evidence.toolCalls.map(({ kind, defect, outcome }) => [kind, defect?.how, outcome])).toEqual([
    ['good-arguments', undefined, 'result'],
    ['bad-arguments', 'missing', expect.stringMatching(/error/)],
    ['bad-arguments', 'wrong-type', expect.stringMatching(/error/)],
  ]);
  expect(evidence.toolCalls[0]?.text).toBe('London: sunny');
  expect(verdictOf(evidence)).toMatchObject({ verdict: 'pass' });
});

test.each([
  ['served', /The server returned a result, although/],
  ['vague', /does not name "city": "Something went wrong\."/],
  ['trace', /contains a JavaScript stack trace/],
] as const)('bad arguments that are answered in a bad way: %s', async (badArguments, finding) => {
  const evidence = await collect(await using(startDualEraServer({ badArguments })), { tool });
  expect(verdictOf(evidence)).toMatchObject({ verdict: 'fail', finding: expect.stringMatching(finding) });
  expect(evidence.toolCalls).toHaveLength(badArguments === 'served' ? 2 : 3);
});

test('a tool that is not listed, or not to be reached, is not called', async () => {
  const unknown = await collect(await using(startDualEraServer()), {
    tool: { name: 'delete_all', arguments: {} },
  });
  expect(unknown.toolCalls).toEqual([]);
  expect(verdictOf(unknown).reason).toBe(
    'The audit did not send the call of delete_all. The server lists no tool "delete_all".',
  );
  const sse = await collect(await using(startSseServer()), { tool });
  expect(verdictOf(sse)).toMatchObject({
    verdict: 'inconclusive',
    reason: expect.stringMatching(/HTTP\+SSE/),
  });
});

test.each([
  ['says nothing of itself', {}],
  ['says that it writes', { readOnlyHint: false }],
  ['says that it only reads, and that it destroys', { readOnlyHint: true, destructiveHint: true }],
])('a tool that the user has not named is not called where it %s', async (_name, annotations) => {
  const server = await using(startDualEraServer({ annotations }));
  const evidence = await collect(server, { tool: { ...tool, readOnly: true } });
  expect(evidence.toolCalls).toEqual([]);
  expect(evidence.exchanges.filter(({ request }) => request.body?.includes('tools/call'))).toEqual([]);
  expect(verdictOf(evidence).reason).toMatch(
    /^The audit did not send the call of get_weather\. .*does not mark the tool as read-only\. Give --tool/,
  );
  const named = await collect(server, { tool });
  expect(named.toolCalls).toHaveLength(3);
});

test('a tool that the user has not named is called where it says that it only reads', async () => {
  const evidence = await collect(await using(startDualEraServer()), { tool: { ...tool, readOnly: true } });
  expect(evidence.toolCalls).toHaveLength(3);
});

test('bad arguments are made from the schema, and from nothing where it says nothing', () => {
  const schema = { type: 'object', properties: { n: { type: 'integer' }, o: { type: 'object' } } };
  expect(badArguments(schema, { n: 1 })).toEqual([
    { defect: { argument: 'n', how: 'wrong-type' }, arguments: { n: {} } },
  ]);
  expect(badArguments({ ...schema, required: ['o'] }, { n: 1, o: {} })).toEqual([
    { defect: { argument: 'o', how: 'missing' }, arguments: { n: 1 } },
    { defect: { argument: 'o', how: 'wrong-type' }, arguments: { n: 1, o: 'mcp-prod' } },
  ]);
  for (const odd of [null, [], 'x', {}, { properties: [], required: 'city' }, { properties: { a: null } }]) {
    expect(badArguments(odd, { n: 1 })).toEqual([]);
  }
});
