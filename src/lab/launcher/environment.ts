/** What a supervisor hands on of its own environment. The home stays: version managers find their programs by it. */
const inherited = ['PATH', 'HOME', 'USER', 'LOGNAME', 'SHELL', 'LANG', 'LC_ALL', 'LC_CTYPE', 'TZ'];

/** As in production, with no lines of npm's own among the server's, and nothing written beside the source. */
const fixed = {
  NODE_ENV: 'production',
  npm_config_loglevel: 'silent',
  npm_config_update_notifier: 'false',
  npm_config_logs_max: '0',
  PYTHONDONTWRITEBYTECODE: '1',
};

/** Carries `<run>.<launch>`, by which a process is found again wherever it went. */
export const markerVariable = 'MCP_PROD_LAB';

/** Variables whose parts are kept side by side: the lab's own comes first. */
const lists = new Map([
  ['NODE_OPTIONS', ' '],
  ['PYTHONPATH', ':'],
]);

/**
 * The environment of the server under test.
 *
 * @param own the auditor's environment, of which only the ordinary is handed on
 * @param layers later ones go before earlier ones; NODE_OPTIONS and PYTHONPATH of all are kept
 */
export function serverEnvironment(
  own: NodeJS.ProcessEnv,
  ...layers: Readonly<Record<string, string>>[]
): Record<string, string> {
  const environment = new Map<string, string>();
  for (const name of inherited) {
    const value = own[name];
    if (value !== undefined) environment.set(name, value);
  }
  for (const layer of [fixed, ...layers]) {
    for (const [name, value] of Object.entries(layer)) {
      const separator = lists.get(name);
      const before = environment.get(name);
      const isAdded = separator !== undefined && before !== undefined;
      environment.set(name, isAdded ? `${before}${separator}${value}` : value);
    }
  }
  return Object.fromEntries(environment);
}
