/** What a supervisor passes on of its own environment. Version managers find their programs by the home. */
const ordinary = 'PATH HOME USER LOGNAME SHELL LANG LC_ALL LC_CTYPE TZ'.split(' ');

/** Where programs and their caches are, if not in the usual places below the home. */
const locations = [
  'NVM_DIR VOLTA_HOME FNM_DIR PNPM_HOME COREPACK_HOME BUN_INSTALL DENO_DIR',
  'PYENV_ROOT VIRTUAL_ENV CONDA_PREFIX UV_CACHE_DIR PIP_CACHE_DIR POETRY_HOME',
  'GOROOT GOPATH GOCACHE GOMODCACHE CARGO_HOME RUSTUP_HOME DOTNET_ROOT NUGET_PACKAGES',
  'JAVA_HOME MAVEN_HOME M2_HOME GRADLE_HOME GRADLE_USER_HOME SDKMAN_DIR ASDF_DIR ASDF_DATA_DIR',
  'XDG_CACHE_HOME XDG_CONFIG_HOME XDG_DATA_HOME npm_config_cache',
].flatMap((names) => names.split(' '));

/** How to reach registries. A server reaches the gateway instead. */
const network = [
  'HTTP_PROXY HTTPS_PROXY NO_PROXY http_proxy https_proxy no_proxy',
  'NODE_EXTRA_CA_CERTS SSL_CERT_FILE SSL_CERT_DIR REQUESTS_CA_BUNDLE CURL_CA_BUNDLE',
].flatMap((names) => names.split(' '));

/** As in production. npm prints nothing of its own, and Python writes nothing beside the source. */
const fixed = {
  NODE_ENV: 'production',
  npm_config_loglevel: 'silent',
  npm_config_update_notifier: 'false',
  npm_config_logs_max: '0',
  PYTHONDONTWRITEBYTECODE: '1',
};

/** Holds `<world>.<launch>`, which identifies a process even after it left its session. */
export const markerVariable = 'MCP_PROD_LAB';

/** Variables with several parts. The lab's part comes first. */
const separators = new Map([
  ['NODE_OPTIONS', ' '],
  ['PYTHONPATH', ':'],
]);

/**
 * What every program that the lab starts gets of the auditor's environment: no tokens, only what is named here.
 *
 * @param own the auditor's environment
 */
export function cleanEnvironment(own: NodeJS.ProcessEnv): Record<string, string> {
  return pick(own, [...ordinary, ...locations]);
}

/** The environment of the build. It may download packages. A proxy URL with a password is not passed on. */
export function buildEnvironment(own: NodeJS.ProcessEnv): Record<string, string> {
  const reachable = Object.entries(pick(own, [...network, 'TMPDIR'])).filter(
    ([, value]) => !value.includes('@'),
  );
  return { ...cleanEnvironment(own), ...Object.fromEntries(reachable) };
}

function pick(own: NodeJS.ProcessEnv, names: readonly string[]): Record<string, string> {
  const picked = names.map((name) => [name, own[name]] as const);
  return Object.fromEntries(picked.filter((entry): entry is [string, string] => entry[1] !== undefined));
}

/**
 * The environment of the server under test.
 *
 * @param own the auditor's environment, of which only `cleanEnvironment` is passed on
 * @param layers later ones override earlier ones, and undefined removes; NODE_OPTIONS and PYTHONPATH are joined
 */
export function serverEnvironment(
  own: NodeJS.ProcessEnv,
  ...layers: Readonly<Record<string, string | undefined>>[]
): Record<string, string> {
  const environment = new Map(Object.entries(cleanEnvironment(own)));
  for (const [name, value] of [fixed, ...layers].flatMap((layer) => Object.entries(layer))) {
    const separator = separators.get(name);
    const before = environment.get(name);
    if (value === undefined) environment.delete(name);
    else if (separator === undefined || before === undefined) environment.set(name, value);
    else environment.set(name, `${before}${separator}${value}`);
  }
  return Object.fromEntries(environment);
}
