import type { Language } from '../language.ts';
import { pythonHttpCall } from './http-calls.ts';
import { libraries } from './libraries.ts';
import { pythonLogger } from './logging.ts';
import { readPython } from './reader.ts';
import { signals } from './signals.ts';

export const python: Language = {
  files: /\.py$/,
  manifests: ['pyproject.toml', 'setup.py'],
  keywords: [
    String.raw`\b(?:https?|requests|httpx|aiohttp|urllib3?|wait_for|fail_after|fail_at|move_on_\w+)\b`,
    String.raw`\b(?:print|structlog|loguru)\b`,
    String.raw`\b(?:serve|uvicorn|signal)\b`,
    'slowapi',
  ].join('|'),
  read: readPython,
  httpCall: pythonHttpCall,
  timeGuards: {
    called:
      /^(?:asyncio\.(?:wait_for|timeout|timeout_at)|async_timeout\.timeout|anyio\.(?:fail|move_on)_(?:after|at)|trio\.(?:fail|move_on)_(?:after|at)|func_timeout\.\w+|timeout_decorator\.timeout|signal\.alarm|socket\.setdefaulttimeout)$/,
  },
  logger: pythonLogger,
  print: { calls: /^global\.print$/, toText: /^global\.(?:str|repr)$/ },
  signals,
  libraries,
};
