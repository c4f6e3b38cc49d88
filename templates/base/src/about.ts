import { readFileSync } from 'node:fs';

const manifest: { name: string; version: string } = JSON.parse(
  readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
);

/** What this server calls itself towards clients, in logs and in requests to the weather service. */
export const about = { name: manifest.name, version: manifest.version } as const;
