// Writes docs/checks from the rows themselves. A test compares them, so drift is caught.
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { checkPages } from './docs.ts';

const folder = new URL('../docs/checks/', import.meta.url);
// A page of a row that is no more would stay behind.
await rm(folder, { recursive: true, force: true });
await mkdir(folder, { recursive: true });
for (const [name, text] of Object.entries(checkPages())) await writeFile(new URL(name, folder), text);
