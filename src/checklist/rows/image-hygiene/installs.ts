/** How one build command installs packages. */
export type Install =
  | { how: 'locked' }
  /** From the registry, without a lockfile. */
  | { how: 'loose' }
  /** From one of these lockfiles, where it exists when the command runs. `strict` is the command that demands it. */
  | { how: 'follows'; lockfiles: readonly string[]; strict: string }
  | { how: 'unclear'; reason: string };

/** Options whose value is the next word. */
const withValue = /^(?:--(?:prefix|registry|cache|loglevel|workspace|filter|cwd|dir)|-[wFC])$/;

/** Packages that install others. No lockfile of a project names them. */
const installers =
  /^(?:pip|uv|setuptools|wheel|poetry|poetry-core|pipenv|pdm|hatch|hatchling|build|virtualenv)(?:\[[^\]]*\])?(?:$|[=<>~!])/;

/** How each command of a RUN installs packages. Global installs of tools are left out. */
export function installsOf(run: string): Install[] {
  return run.split(/&&|\|\||[;|\n]/).flatMap((command) => {
    const words = command
      .replace(/^\s*(?:(?:sudo|exec|command|time|\(|then|do|else|[A-Za-z_]\w*=\S*)\s+)*/, '')
      .replace(/\bpython[\d.]*\s+-m\s+/, '')
      .split(/\s+/)
      .map((word) => word.replace(/^["'({]+/, '').replace(/(?<!["')}])["')}]+$/, ''))
      .filter((word) => word !== '');
    const program = words[0]?.split('/').at(-1) ?? '';
    return readers.get(program)?.(words.slice(1)) ?? [];
  });
}

type Reader = (args: string[]) => Install | undefined;

const has = (args: string[], ...options: string[]): boolean =>
  args.some((arg) => options.includes(arg.replace(/=true$/, '')));

/** Arguments that are neither options nor their values. */
const operands = (args: string[]): string[] =>
  args.filter((arg, index) => !arg.startsWith('-') && !withValue.test(args[index - 1] ?? ''));

const isGlobal = (args: string[]): boolean =>
  has(args, '-g', '--global', 'global', '--location=global') || args.includes('-G');

/**
 * Reads the commands of a package manager for Node.js.
 *
 * @param clean its verbs for an install from the lockfile alone
 * @param install its other verbs that install
 * @param bare its verb where a command has none
 */
const nodeManager =
  (clean: string[], install: string[], lockfiles: string[], strict: string, bare = ''): Reader =>
  (args) => {
    const [verb = bare, ...packages] = operands(args);
    if (clean.includes(verb)) return { how: 'locked' };
    if (!install.includes(verb) || isGlobal(args)) return undefined;
    if (has(args, '--frozen-lockfile', '--immutable')) return { how: 'locked' };
    const loose =
      packages.some((name) => !/^[./~]|\.tgz$/.test(name)) ||
      has(args, '--no-package-lock', '--no-lockfile', '--no-frozen-lockfile', '--package-lock=false');
    return loose ? { how: 'loose' } : { how: 'follows', lockfiles, strict };
  };

const npmVerbs = ['install', 'i', 'in', 'add'];
const npmLockfiles = ['package-lock.json', 'npm-shrinkwrap.json'];
const npm = nodeManager(['ci', 'clean-install', 'install-clean'], npmVerbs, npmLockfiles, 'npm ci');
const verbs = ['install', 'i', 'add'];
const pnpm = nodeManager(['ci'], verbs, ['pnpm-lock.yaml'], 'pnpm install --frozen-lockfile');
const bun = nodeManager(['ci'], verbs, ['bun.lock', 'bun.lockb'], 'bun install --frozen-lockfile');
const yarnInstall = nodeManager([], ['install', 'add'], ['yarn.lock'], 'yarn install --immutable', 'install');
const yarn: Reader = (args) => (has(args, '--version', '-v') ? undefined : yarnInstall(args));

const pip: Reader = (args) => {
  const [verb, ...packages] = operands(args);
  if (verb !== 'install' && verb !== 'sync') return undefined;
  if (has(args, '--require-hashes')) return { how: 'locked' };
  if (packages.length > 0 && !has(args, '-r', '-e') && packages.every((name) => installers.test(name))) {
    return undefined;
  }
  return { how: 'unclear', reason: 'pip pins a version only where the requirements name one' };
};

const uv: Reader = (args) => {
  const [verb] = operands(args);
  if (verb === 'pip') return pip(args.slice(args.indexOf('pip') + 1));
  if (verb !== 'sync') return undefined;
  return has(args, '--locked', '--frozen')
    ? { how: 'locked' }
    : { how: 'follows', lockfiles: ['uv.lock'], strict: 'uv sync --locked' };
};

const poetry: Reader = (args) =>
  /^(?:install|sync)$/.test(operands(args)[0] ?? '')
    ? { how: 'follows', lockfiles: ['poetry.lock'], strict: 'poetry check --lock first' }
    : undefined;

const pipenv: Reader = (args) => {
  const [verb = ''] = operands(args);
  if (verb === 'sync' || (verb === 'install' && has(args, '--deploy'))) return { how: 'locked' };
  return verb === 'install'
    ? { how: 'follows', lockfiles: ['Pipfile.lock'], strict: 'pipenv sync' }
    : undefined;
};

const cargo: Reader = (args) => {
  const verbs = operands(args).slice(0, 2);
  if (!verbs.includes('build') && !(verbs.includes('install') && has(args, '--path'))) return undefined;
  return has(args, '--locked', '--frozen')
    ? { how: 'locked' }
    : { how: 'follows', lockfiles: ['Cargo.lock'], strict: 'cargo build --locked' };
};

/** In module mode, go installs exactly what go.mod and go.sum name (Go modules reference: -mod=readonly). */
const go: Reader = (args) => {
  const [verb, operand = ''] = operands(args);
  if (verb === 'build' || (verb === 'mod' && /^(?:download|verify|vendor)$/.test(operand))) {
    return { how: 'locked' };
  }
  return verb === 'install' && operand !== '' && !operand.includes('@') ? { how: 'locked' } : undefined;
};

const dotnet: Reader = (args) => {
  if (!/^(?:restore|build|publish)$/.test(operands(args)[0] ?? '')) return undefined;
  return has(args, '--locked-mode')
    ? { how: 'locked' }
    : { how: 'unclear', reason: 'NuGet uses a lockfile only where the project enables it' };
};

const jvm: Reader = () => ({
  how: 'unclear',
  reason: 'Maven and Gradle use a lockfile only where the project sets one up',
});

const readers = new Map<string, Reader>([
  ...Object.entries({ npm, yarn, pnpm, bun, pip, pip3: pip, uv, poetry, pipenv, cargo, go, dotnet }),
  ...['mvn', 'mvnw', 'gradle', 'gradlew'].map((name): [string, Reader] => [name, jvm]),
]);
