// Asks the registries which digests the tags in container-images.ts have now, and writes them there. Run it after a change of
// a tag, and now and then: images are built anew under the same tag when their base gets fixes.
import { readFile, writeFile } from 'node:fs/promises';
import { containerImages } from '../src/scaffold/container-images.ts';
import { refreshed } from './image-digests.ts';

const file = new URL('../src/scaffold/container-images.ts', import.meta.url);
await writeFile(file, await refreshed(await readFile(file, 'utf8'), Object.values(containerImages)));
