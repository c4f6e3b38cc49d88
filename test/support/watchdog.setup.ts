import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { bundle, programs } from '../../scripts/bundle.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The path of the watchdog's program as JavaScript. */
    watchdogProgram: string;
  }
}

/** Bundles the program that each run of the lab starts, as it is in the package. */
export default async function setup(project: TestProject): Promise<() => void> {
  const folder = mkdtempSync(join(tmpdir(), 'mcp-prod-test-'));
  await bundle(folder, { 'watchdog-process': programs['watchdog-process'] });
  project.provide('watchdogProgram', join(folder, 'watchdog-process.js'));
  return () => rmSync(folder, { recursive: true, force: true });
}
