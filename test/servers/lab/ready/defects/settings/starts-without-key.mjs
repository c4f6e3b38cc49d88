import { settingsOf } from '../../parts/settings.mjs';

/** What is missing shows with the first call. */
export function readSettings() {
  return settingsOf(process.env);
}
