import { describe, expect, it } from 'vitest';
import { nameTool } from '../../src/cli/audit/tool.ts';

const configured = { tool: { name: 'get_weather', arguments: { city: 'London' } } };

describe('the tool that may be called', () => {
  it('is none unless one is named', () => {
    expect(nameTool({}, {})).toBeUndefined();
  });

  it('is the configured one, with its arguments', () => {
    expect(nameTool({}, configured)).toEqual(configured.tool);
    expect(nameTool({ tool: 'get_weather' }, configured)).toEqual(configured.tool);
    expect(nameTool({ toolArgs: { city: 'Oslo' } }, configured)?.arguments).toEqual({ city: 'Oslo' });
  });

  it('is the one of the command line, without arguments of another tool', () => {
    expect(nameTool({ tool: 'ping' }, configured)).toEqual({ name: 'ping', arguments: {} });
  });

  it('is named where arguments are given', () => {
    expect(() => nameTool({ toolArgs: {} }, {})).toThrow('--tool-args are arguments of no tool.');
  });
});
