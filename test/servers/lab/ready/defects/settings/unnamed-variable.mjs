import { readSettings as read } from '../../parts/settings.mjs';

/** Ends as it should, and does not say what is missing. */
export function readSettings(secrets, log) {
  return read(secrets, { ...log, error: () => log.error('Invalid configuration') });
}
