import { expect, test } from 'vitest';
import { isLoopback } from '../../../src/collect/wire/http/loopback.ts';
import { createEventReader } from '../../../src/protocol/events.ts';
import { readResponse } from '../../../src/protocol/reply.ts';

test('events arrive whole however the stream is cut', () => {
  const stream =
    '\uFEFF: comment\r\nevent: endpoint\r\ndata: /messages?s=1\r\n\r\nid: 7\ndata: {"a":\ndata: 1}\n\ndata\r\rdata: unfinished';
  const whole = [
    { type: 'endpoint', data: '/messages?s=1' },
    { type: 'message', data: '{"a":\n1}' },
    { type: 'message', data: '' },
  ];
  expect(createEventReader()(stream)).toEqual(whole);
  for (let size = 1; size < 9; size += 1) {
    const read = createEventReader();
    const events = [];
    for (let at = 0; at < stream.length; at += size) events.push(...read(stream.slice(at, at + size)));
    expect(events).toEqual(whole);
  }
});

test.each([
  ['a result', '{"jsonrpc":"2.0","id":1,"result":{"a":1}}', { kind: 'result' }],
  [
    'an error',
    '{"jsonrpc":"2.0","id":1,"error":{"code":-1,"message":"no\\nway"}}',
    { kind: 'error', code: -1, message: 'no way' },
  ],
  [
    'an error without id',
    '{"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"x"}}',
    { kind: 'error', code: -32700, message: 'x' },
  ],
  [
    'one of a batch',
    '[{"jsonrpc":"2.0","method":"n"},{"jsonrpc":"2.0","id":1,"result":{}}]',
    { kind: 'result' },
  ],
  ['another id', '{"jsonrpc":"2.0","id":2,"result":{}}', undefined],
  ['an id of another type', '{"jsonrpc":"2.0","id":"1","result":{}}', undefined],
  ['an error with another id', '{"jsonrpc":"2.0","id":2,"error":{"code":-1,"message":"x"}}', undefined],
  [
    'an error whose code is no number',
    '{"jsonrpc":"2.0","id":1,"error":{"code":1e999,"message":"x"}}',
    undefined,
  ],
  ['a null result', '{"jsonrpc":"2.0","id":1,"result":null}', undefined],
  ['a list as result', '{"jsonrpc":"2.0","id":1,"result":[]}', undefined],
  ['another JSON', '{"status":"ok"}', undefined],
  ['no JSON', '<html>', undefined],
])('%s', (_what, text, reply) => {
  expect(readResponse(text, 1)?.reply).toEqual(reply);
});

test.each([
  ['http://127.0.0.1:3000/', undefined, true],
  ['http://127.8.9.1/', undefined, true],
  ['http://[::1]/', undefined, true],
  ['http://[::ffff:127.0.0.1]/', undefined, true],
  ['http://localhost/', undefined, true],
  ['http://api.localhost/', undefined, true],
  ['http://0.0.0.0/', '127.0.0.1', true],
  ['http://mine.example/', '127.0.0.1', true],
  ['http://mine.example/', undefined, false],
  ['http://192.168.1.4/', undefined, false],
  ['http://localhost/', '192.168.1.4', false],
])('%s connected to %s: loopback is %s', (url, address, loopback) => {
  expect(isLoopback(new URL(url), address)).toBe(loopback);
});
