import { expect, test } from 'vitest';
import { nameProblem, requireValidName, slugOf, suggestName } from '../../src/scaffold/package-name.ts';

test.each(['weather', '@acme/weather', 'a.b_c-1', '1'])('%s is accepted', (name) => {
  expect(nameProblem(name)).toBeUndefined();
});

test.each([
  ['My App', /URL-friendly/, 'my-app'],
  ['Weather', /capital letters/, 'weather'],
  ['.hidden', /period/, 'hidden'],
  ['_private', /underscore/, 'private'],
  ['http', /core module/, 'http-server'],
  ['Zürich Wetter!', /URL-friendly/, 'zurich-wetter'],
  ['a"; rm -rf /', /URL-friendly/, 'a-rm-rf'],
  ['a\n{{x}}', /URL-friendly/, 'a-x'],
  ["it's", /special characters/, 'it-s'],
  ['天気', /URL-friendly/, 'weather-mcp-server'],
  ['x'.repeat(215), /214 characters/, 'x'.repeat(100)],
])('%j is refused with npm’s reason and a valid name', (name, reason, suggestion) => {
  expect(() => requireValidName(name)).toThrow(
    expect.objectContaining({
      kind: 'usage',
      message: expect.stringMatching(reason),
      hint: expect.stringContaining(`--name ${suggestion}`),
    }),
  );
});

test('a suggestion is itself acceptable', () => {
  for (const name of ['My App', '--', 'node_modules', 'FAVICON.ICO', '...a...']) {
    const suggestion = suggestName(name);
    if (suggestion !== undefined) expect(nameProblem(suggestion)).toBeUndefined();
  }
});

test.each([
  ['weather', 'weather'],
  ['@acme/we_ather', 'we-ather'],
  ['a.b_c-1', 'a-b-c-1'],
  ['1', 'mcp-1'],
  ['@acme/-', 'mcp-server'],
  [`${'long-'.repeat(20)}name`, 'long-long-long-long-long-long-long-long'],
  ['@acme/redis', 'mcp-redis'],
  ['true', 'mcp-true'],
])('%s as a DNS label is %s', (name, slug) => {
  expect(slugOf(name)).toBe(slug);
  expect(slug).toMatch(/^[a-z]([a-z0-9-]{0,38}[a-z0-9])?$/);
});
