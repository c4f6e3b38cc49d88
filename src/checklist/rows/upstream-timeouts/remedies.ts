import type { Remedies } from '../../remedy.ts';

export const remedies: Remedies = {
  typescript: {
    text: 'The signal limits the whole exchange, body included. A socket timeout does not.',
    language: 'ts',
    code: `const response = await fetch(url, { signal: AbortSignal.timeout(5_000) });
if (!response.ok) throw new Error(\`The weather service responded \${response.status}.\`);
const weather = await response.json();`,
  },
  python: {
    text: 'The timeouts of httpx apply to single steps, and a dripping body never exceeds them. asyncio.timeout (Python 3.11) limits the whole exchange.',
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
