import { afterAll, afterEach } from 'vitest';
import { endFile, endTest } from './support.ts';

// Files share the modules that they load, so that a hook of theirs would be of the first file alone.
afterEach(endTest);
afterAll(endFile);
