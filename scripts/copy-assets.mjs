// Copies what the compiler leaves out: files that are loaded as they are, into servers under test.
import { cpSync, statSync } from 'node:fs';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';

const path = (name) => fileURLToPath(new URL(`../${name}`, import.meta.url));

cpSync(path('src'), path('dist'), {
  recursive: true,
  filter: (file) => statSync(file).isDirectory() || ['.cjs', '.py'].includes(extname(file)),
});
