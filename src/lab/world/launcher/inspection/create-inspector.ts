import type { Inspector } from './inspector.ts';
import { inspectLinux } from './linux.ts';
import { inspectPortably } from './portable.ts';

export function createInspector(platform: NodeJS.Platform = process.platform): Inspector {
  return platform === 'linux' ? inspectLinux() : inspectPortably(platform);
}
