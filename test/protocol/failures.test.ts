import { expect, test } from 'vitest';
import { describeFailure } from '../../src/protocol/failures.ts';

const withCode = (code: string, message = code) => Object.assign(new Error(message), { code });

test.each([
  ['ECONNREFUSED', 'refused'],
  ['ENOTFOUND', 'unknown-host'],
  ['EAI_AGAIN', 'unknown-host'],
  ['ECONNRESET', 'reset'],
  ['UND_ERR_SOCKET', 'reset'],
  ['UND_ERR_CONNECT_TIMEOUT', 'timeout'],
  ['ETIMEDOUT', 'timeout'],
  ['EHOSTUNREACH', 'unreachable'],
  ['ENETUNREACH', 'unreachable'],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', 'tls'],
  ['CERT_HAS_EXPIRED', 'tls'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'tls'],
  ['ERR_SSL_WRONG_VERSION_NUMBER', 'tls'],
  ['HPE_INVALID_CONSTANT', 'protocol'],
  ['UND_ERR_HEADERS_OVERFLOW', 'protocol'],
])('%s means %s', (code, reason) => {
  expect(describeFailure(withCode(code)).reason).toBe(reason);
});

test('the reason is found among aggregated errors and causes', () => {
  const both = new AggregateError([
    withCode('ECONNREFUSED', 'connect ECONNREFUSED ::1:3000'),
    withCode('ECONNREFUSED', 'connect ECONNREFUSED 127.0.0.1:3000'),
  ]);
  expect(describeFailure(new Error('fetch failed', { cause: both }))).toEqual({
    reason: 'refused',
    message: 'connect ECONNREFUSED ::1:3000',
  });
});

test('a connection that breaks off before TLS is established is a matter of TLS', () => {
  const message = 'Client network socket disconnected before secure TLS connection was established';
  expect(describeFailure(withCode('ECONNRESET', message)).reason).toBe('tls');
});

test('what nobody knows, and causes in a ring, end as protocol', () => {
  const ring = new Error('around');
  ring.cause = ring;
  expect(describeFailure(ring)).toEqual({ reason: 'protocol', message: 'around' });
  expect(describeFailure('thrown text')).toEqual({ reason: 'protocol', message: 'thrown text' });
});
