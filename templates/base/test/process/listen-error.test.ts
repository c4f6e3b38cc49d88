import { expect, test } from 'vitest';
import { ListenError } from '../../src/process/listen-error.ts';

test.each([
  ['EADDRINUSE', /port 81: PORT is taken/],
  ['EACCES', /port 81: PORT is reserved/],
  ['EADDRNOTAVAIL', /HOST is not an address of this machine/],
  ['ENOTFOUND', /HOST is not an address, and no name/],
  ['EOTHER', /port 81: something else \(EOTHER\)/],
])('%s is explained in terms of the settings', (code, message) => {
  const cause = Object.assign(new Error('something else'), { code });
  expect(new ListenError(cause, '127.0.0.1', 81).message).toMatch(message);
});
