import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, expect, it } from 'vitest';
import * as z from 'zod';
import { savedEvidenceSchema } from '../../src/evidence/saved.ts';
import { formatNames } from '../../src/report/formats.ts';
import { labOf, loggingOf } from '../support/lab-evidence.ts';
import { extendedEvidence, hostileEvidence, mixedEvidence } from '../support/reports.ts';
import { auditQuietly } from './audit.ts';
import { fuzz } from './cases.ts';
import { change, changed, shortText } from './hostile.ts';

const directory = mkdtempSync(join(tmpdir(), 'mcp-prod-fuzz-evidence-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

interface JsonSchema {
  const?: unknown;
  enum?: unknown[];
  anyOf?: JsonSchema[];
  oneOf?: JsonSchema[];
  type?: string | string[];
  format?: string;
  items?: JsonSchema;
  prefixItems?: JsonSchema[];
  properties?: Record<string, JsonSchema>;
  required?: string[];
  additionalProperties?: JsonSchema | boolean;
  minimum?: number;
  exclusiveMinimum?: number;
  maximum?: number;
  $ref?: string;
}

const published = z.toJSONSchema(savedEvidenceSchema, { io: 'input' }) as JsonSchema & {
  $defs?: Record<string, JsonSchema>;
};

const address = fc.constantFrom(
  'http://127.0.0.1:3000/mcp',
  'https://a.example/%E2%80%AE?x=::',
  'http://[::1]/',
);
/** What one part of the evidence calls another by. */
const exchangeId = fc.constantFrom('x1', 'x2', 'x3');
const exchangeKeys = new Set(['exchange', 'exchanges', 'failures', 'first', 'refused']);

/** Those that the others name. */
const exchanges = (schema: JsonSchema) =>
  fc
    .array(fitting(schema), { minLength: 3, maxLength: 3 })
    .map((list) => list.map((one, index) => ({ ...(one as object), id: `x${index + 1}` })));

/** What fits the schema, with no regard to what it means. */
function fitting(schema: JsonSchema, key = ''): fc.Arbitrary<unknown> {
  if (schema.$ref !== undefined) return fitting(published.$defs?.[schema.$ref.split('/').at(-1) ?? ''] ?? {});
  if ('const' in schema) return fc.constant(schema.const);
  if (schema.enum) return fc.constantFrom(...schema.enum);
  const types = Array.isArray(schema.type) ? schema.type.map((type) => ({ ...schema, type })) : undefined;
  const options = types ?? schema.anyOf ?? schema.oneOf;
  if (options) return fc.oneof(...options.map((option) => fitting(option, key)));
  if (schema.type === 'string') {
    if (schema.format === 'date-time') return fc.constant('2026-12-01T10:00:00.000Z');
    if (schema.format === 'uri') return address;
    return exchangeKeys.has(key) ? exchangeId : shortText;
  }
  if (schema.type === 'integer' || schema.type === 'number') {
    const { exclusiveMinimum = -1_000, minimum = exclusiveMinimum + 1, maximum = 1e9 } = schema;
    return fc.integer({ min: Math.ceil(Math.max(minimum, -1e9)), max: Math.floor(Math.min(maximum, 1e9)) });
  }
  if (schema.type === 'boolean') return fc.boolean();
  if (schema.type === 'null') return fc.constant(null);
  if (schema.prefixItems) return fc.tuple(...schema.prefixItems.map((item) => fitting(item)));
  if (schema.type === 'array') {
    if (schema.items?.properties?.outcome && schema.items.properties.request) return exchanges(schema.items);
    return fc.array(fitting(schema.items ?? {}, key), { maxLength: 3 });
  }
  if (schema.properties) {
    const entries = Object.entries(schema.properties).map(
      ([key, inner]) => [key, fitting(inner, key)] as const,
    );
    return fc.record(Object.fromEntries(entries), { requiredKeys: (schema.required ?? []) as never[] });
  }
  if (typeof schema.additionalProperties === 'object') {
    return fc.dictionary(shortText, fitting(schema.additionalProperties), { maxKeys: 3 });
  }
  return fc.constant({});
}

const known = [
  extendedEvidence(),
  mixedEvidence(),
  hostileEvidence(),
  { notices: [], lab: labOf({ logging: { ran: true, history: loggingOf([]) } }) },
].map((evidence) => ({
  schemaVersion: 1,
  tool: { name: 'mcp-prod', version: '0.0.0' },
  startedAt: '2026-12-01T10:00:00.000Z',
  durationMs: 1,
  evidence,
}));

it('evidence of whatever content is judged, or refused in a line', async () => {
  const ends = await fuzz({
    cases: fc.record({
      saved: fc.oneof(
        { weight: 1, arbitrary: fitting(published) },
        {
          weight: 1,
          arbitrary: fc
            .record({ saved: fc.constantFrom(...known), changes: fc.array(change, { maxLength: 4 }) })
            .map(({ saved, changes }) => ({ ...saved, evidence: changed(saved.evidence, changes) })),
        },
      ),
      format: fc.constantFrom(...formatNames),
    }),
    count: 1_000,
    budgetMs: 1_000,
    check: async ({ saved, format }) => {
      const file = join(directory, 'evidence.json');
      writeFileSync(file, JSON.stringify(saved));
      return auditQuietly(['--evidence', file, '--profile', 'extended'], format);
    },
  });
  // A fuzz test that is always turned away at the door shows nothing.
  expect(ends['exit 0'], JSON.stringify(ends)).toBeGreaterThan(300);
  expect(ends['exit 2'], JSON.stringify(ends)).toBeGreaterThan(100);
});
