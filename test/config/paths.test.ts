import { describe, expect, it } from 'vitest';
import { isPlainPath, staysAtOrigin } from '../../src/config/paths.ts';
import { configSchema } from '../../src/config/schema.ts';

describe('a configuration', () => {
  it.each(['//evil.example/', '/\\evil.example/', '/.//evil.example/', '/\t/evil.example/', 'evil', ''])(
    'has no path that leaves the server: %j',
    (path) => {
      for (const key of ['endpoint', 'sse', 'health']) {
        expect(configSchema.safeParse({ [key]: path }).success, key).toBe(false);
      }
    },
  );

  it.each(['/health', '/', '/health?full=1', '/größe', '/a//b', '/%2e/x'])(
    'has any path on the server: %s',
    (path) => expect(configSchema.parse({ health: path })).toEqual({ health: path }),
  );
});

describe('a path', () => {
  it('stays on the server, or leaves it', () => {
    expect(['/a', '/a?b=//c', '/a//b'].every(staysAtOrigin)).toBe(true);
    expect(['//a', '/\\a', '/..//a', '/\n/a', 'a', 'http://a/'].some(staysAtOrigin)).toBe(false);
  });

  it('is plain, or is not', () => {
    for (const path of ['/', '/mcp', '/mcp/', '/api/v1.0/mcp', '/~me/a_b-c', '/@x/y:z']) {
      expect(isPlainPath(path), path).toBe(true);
    }
    for (const path of [
      ...['', 'mcp', '//a', '/a//b', '/a/../b', '/./a', '/a/..', '/a?b', '/a#b', '/a;b=c', '/a&b=c'],
      ...['/a\\b', '/a b', '/a\n', '/\u202ea', '/%2e%2e/a', '/a%00', 'http://a/b', '/ü'],
    ]) {
      expect(isPlainPath(path), path).toBe(false);
    }
  });
});
