/** What a supervisor hands on of its own environment. The home stays: version managers find their programs by it. */
const ordinary = ['PATH', 'HOME', 'USER', 'LOGNAME', 'SHELL', 'LANG', 'LC_ALL', 'LC_CTYPE', 'TZ'];

/** Where programs and their caches are, when they are not where they usually are below the home. */
const locations = [
  ...['NVM_DIR', 'VOLTA_HOME', 'FNM_DIR', 'PNPM_HOME', 'COREPACK_HOME', 'BUN_INSTALL', 'DENO_DIR'],
  ...['PYENV_ROOT', 'VIRTUAL_ENV', 'CONDA_PREFIX', 'UV_CACHE_DIR', 'PIP_CACHE_DIR', 'POETRY_HOME'],
  ...[
    'GOROOT',
    'GOPATH',
    'GOCACHE',
    'GOMODCACHE',
    'CARGO_HOME',
    'RUSTUP_HOME',
    'DOTNET_ROOT',
    'NUGET_PACKAGES',
  ],
  ...[
    'JAVA_HOME',
    'MAVEN_HOME',
    'M2_HOME',
    'GRADLE_HOME',
    'GRADLE_USER_HOME',
    'SDKMAN_DIR',
    'ASDF_DIR',
    'ASDF_DATA_DIR',
  ],
  ...['XDG_CACHE_HOME', 'XDG_CONFIG_HOME', 'XDG_DATA_HOME', 'npm_config_cache'],
];

/** The way to registries. A server has the gateway instead. */
const network = [
  ...['HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY', 'http_proxy', 'https_proxy', 'no_proxy'],
  ...['NODE_EXTRA_CA_CERTS', 'SSL_CERT_FILE', 'SSL_CERT_DIR', 'REQUESTS_CA_BUNDLE', 'CURL_CA_BUNDLE'],
];

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
 * What every program that the lab starts gets of the auditor's environment: no tokens, and nothing that is not named here.
 *
 * @param own the auditor's environment
 */
export function cleanEnvironment(own: NodeJS.ProcessEnv): Record<string, string> {
  return chosen(own, [...ordinary, ...locations]);
}

/**
 * The environment of the build command. It has the network, for it may fetch what it needs; a proxy whose URL holds a
 * password is not handed on.
 */
export function buildEnvironment(own: NodeJS.ProcessEnv): Record<string, string> {
  const reachable = Object.entries(chosen(own, [...network, 'TMPDIR'])).filter(
    ([, value]) => !value.includes('@'),
  );
  return { ...cleanEnvironment(own), ...Object.fromEntries(reachable) };
}

function chosen(own: NodeJS.ProcessEnv, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    names.flatMap((name): [string, string][] => {
      const value = own[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

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
  const environment = new Map(Object.entries(cleanEnvironment(own)));
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
