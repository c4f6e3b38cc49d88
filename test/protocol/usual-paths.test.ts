import { expect, it } from 'vitest';
import {
  directoryOf,
  isUsualEndpoint,
  orchestratorPaths,
  usualEndpoint,
  usualEndpoints,
  usualHealthPaths,
} from '../../src/protocol/usual-paths.ts';

it.each([
  ['/mcp', '/'],
  ['/mcp/', '/'],
  ['/', '/'],
  ['/a/mcp', '/a/'],
  ['/a/b/mcp/', '/a/b/'],
])('the directory of %s is %s', (path, directory) => {
  expect(directoryOf(new URL(path, 'http://127.0.0.1'))).toBe(directory);
});

it.each([
  ['/mcp', '/sse', true],
  ['/mcp', '/api/mcp/', true],
  ['/mcp', '/other', false],
  ['/a/server', '/a/mcp', true],
  ['/a/server', '/mcp', false],
  ['/a/server', '/a/server/', true],
])('an audit of %s asks %s for MCP: %s', (url, path, usual) => {
  expect(isUsualEndpoint(new URL(url, 'http://127.0.0.1'), path)).toBe(usual);
});

it('the most usual endpoint comes first, and no probe of an orchestrator is a health endpoint', () => {
  expect(`/${usualEndpoints[0]?.path}`).toBe(usualEndpoint);
  expect(usualHealthPaths.filter((path) => orchestratorPaths.has(path))).toEqual([]);
});
