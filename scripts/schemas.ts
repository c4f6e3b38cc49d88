import * as z from 'zod';
import { configSchema } from '../src/config/schema.ts';
import { reportSchema } from '../src/report/schema.ts';
import { baselineSchema } from '../src/score/baseline.ts';

/** The JSON Schemas (2020-12) that the package publishes, by file name. */
export function publishedSchemas(): Record<string, string> {
  return {
    'report.schema.json': text(reportSchema),
    'config.schema.json': text(configSchema),
    'baseline.schema.json': text(baselineSchema),
  };
}

const text = (schema: z.ZodType): string => `${JSON.stringify(z.toJSONSchema(schema), null, 2)}\n`;
