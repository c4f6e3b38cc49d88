import type { Remedies } from '../../remedy.ts';

export const remedies: Remedies = {
  typescript: {
    text: 'Read each secret from the environment once, at the start, and pass its value on. Name .env in .gitignore and in .dockerignore.',
    language: 'ts',
    code: `import * as z from 'zod';

const settings = z
  .object({ OPENWEATHER_API_KEY: z.string().min(1), MCP_API_KEY: z.string().min(32) })
  .parse(process.env);`,
  },
  python: {
    text: 'Read each secret from the environment once, at the start. Name .env in .gitignore and in .dockerignore.',
    language: 'python',
    code: `import os

OPENWEATHER_API_KEY = os.environ["OPENWEATHER_API_KEY"]
MCP_API_KEY = os.environ["MCP_API_KEY"]`,
  },
};
