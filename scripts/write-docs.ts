// Writes docs/checks from the rows themselves, and the table of docs/lab.md from the experiments. Tests compare them.
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { checkPages, labPage } from './docs.ts';

const folder = new URL('../docs/checks/', import.meta.url);
// A page of a row that is no more would stay behind.
await rm(folder, { recursive: true, force: true });
await mkdir(folder, { recursive: true });
for (const [name, text] of Object.entries(checkPages())) await writeFile(new URL(name, folder), text);

const lab = new URL('../docs/lab.md', import.meta.url);
await writeFile(lab, labPage(await readFile(lab, 'utf8')));
