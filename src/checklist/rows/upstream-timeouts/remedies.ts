import type { Remedies } from '../../remedy.ts';

export const remedies: Remedies = {
  typescript: {
    text: 'The signal bounds the whole exchange, body included, which a socket timeout does not.',
    language: 'ts',
    code: `const response = await fetch(url, { signal: AbortSignal.timeout(5_000) });
if (!response.ok) throw new Error(\`The weather service answered \${response.status}.\`);
const weather = await response.json();`,
  },
  python: {
    text: 'The timeouts of httpx are for each step, and a body that drips never exceeds one; asyncio.timeout (Python 3.11) bounds the whole exchange.',
    language: 'python',
    code: `import asyncio

import httpx


async def fetch_weather(url: str) -> dict:
    async with asyncio.timeout(5), httpx.AsyncClient(timeout=5.0) as client:
        response = await client.get(url)
        response.raise_for_status()
        return response.json()`,
  },
};
