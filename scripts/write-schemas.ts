// Writes the published JSON Schemas from the definitions in the source. A test compares them.
import { mkdir, writeFile } from 'node:fs/promises';
import { publishedSchemas } from './schemas.ts';

const folder = new URL('../schema/', import.meta.url);
await mkdir(folder, { recursive: true });
for (const [name, text] of Object.entries(publishedSchemas())) await writeFile(new URL(name, folder), text);
