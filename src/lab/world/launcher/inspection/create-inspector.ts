import type { Inspector } from './inspector.ts';
import { inspectLinux } from './linux.ts';
import { inspectPortably } from './portable.ts';

/** @param platform Node's name of the system */
export function createInspector(platform: NodeJS.Platform = process.platform): Inspector {
  return platform === 'linux' ? inspectLinux() : inspectPortably(platform);
}
