// Updates the digests in container-images.ts from the registries. Run it after changing a tag, and regularly: images are
// rebuilt under the same tag when their base is fixed.
import { readFile, writeFile } from 'node:fs/promises';
import { containerImages } from '../src/scaffold/container-images.ts';
import { refreshed } from './image-digests.ts';

const file = new URL('../src/scaffold/container-images.ts', import.meta.url);
await writeFile(file, await refreshed(await readFile(file, 'utf8'), Object.values(containerImages)));
