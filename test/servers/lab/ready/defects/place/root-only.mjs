import { rmSync, writeFileSync } from 'node:fs';

/** Tries whether it can keep files in a directory where only root can. */
export function prepare(log) {
  const file = `/var/lib/ready-${process.pid}.tmp`;
  try {
    writeFileSync(file, '');
  } catch (error) {
    log.error('Cannot write to /var/lib', { error: error.code });
    process.exit(1);
  }
  rmSync(file);
}
