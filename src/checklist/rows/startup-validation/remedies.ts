import type { Remedies } from '../../remedy.ts';

export const remedies: Remedies = {
  typescript: {
    text: 'Check all variables before the server listens. Name every missing one at once, without values.',
    language: 'ts',
    code: `import * as z from 'zod';

const parsed = z
  .object({ OPENWEATHER_API_KEY: z.string().min(1), MCP_API_KEY: z.string().min(32) })
  .safeParse(process.env);
if (!parsed.success) {
  const names = new Set(parsed.error.issues.map((issue) => String(issue.path[0])));
  console.error(\`Configuration error: missing or invalid: \${[...names].join(', ')}\`);
  process.exit(1);
}`,
  },
  python: {
    text: 'Check all variables before the server listens. Name every missing one at once. Do not print pydantic errors, which repeat values.',
    language: 'python',
    code: `import os
import sys

missing = [name for name in ("OPENWEATHER_API_KEY", "MCP_API_KEY") if not os.environ.get(name)]
if missing:
    sys.exit(f"Configuration error: not set: {', '.join(missing)}")`,
  },
};
