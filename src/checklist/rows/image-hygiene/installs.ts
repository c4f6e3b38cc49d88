/** How one command of a build takes packages. */
export type Install =
  | { how: 'locked' }
  /** Whatever the registry has. */
  | { how: 'loose' }
  /** The lockfile's versions where there is one, so it must be there when the command runs. */
  | { how: 'follows'; lockfiles: readonly string[]; certain: string }
  | { how: 'unclear'; reason: string };

/** Options that take their value as the next word. */
const withValue = /^(?:--(?:prefix|registry|cache|loglevel|workspace|filter|cwd|dir)|-[wFC])$/;

/** Programs that install others, which no lockfile of the project names. */
const installers =
  /^(?:pip|uv|setuptools|wheel|poetry|poetry-core|pipenv|pdm|hatch|hatchling|build|virtualenv)(?:\[[^\]]*\])?(?:$|[=<>~!])/;

/** The commands of a RUN that install packages, and how each does it. Installing a tool globally is none of them. */
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

type Reader = (words: string[]) => Install | undefined;

const has = (words: string[], ...options: string[]): boolean =>
  words.some((word) => options.includes(word.replace(/=true$/, '')));

/** Words that are neither options nor their values. */
const operands = (words: string[]): string[] =>
  words.filter((word, index) => !word.startsWith('-') && !withValue.test(words[index - 1] ?? ''));

const isGlobal = (words: string[]): boolean =>
  has(words, '-g', '--global', 'global', '--location=global') || words.includes('-G');

function nodeInstall(words: string[], lockfiles: readonly string[], certain: string): Install | undefined {
  if (isGlobal(words)) return undefined;
  if (has(words, '--frozen-lockfile', '--immutable')) return { how: 'locked' };
  const packages = operands(words).slice(1);
  if (packages.some((name) => !/^[./~]|\.tgz$/.test(name))) return { how: 'loose' };
  if (has(words, '--no-package-lock', '--no-lockfile', '--no-frozen-lockfile', '--package-lock=false')) {
    return { how: 'loose' };
  }
  return { how: 'follows', lockfiles, certain };
}

const npm: Reader = (words) => {
  const [verb = ''] = operands(words);
  if (/^(?:ci|clean-install|install-clean)$/.test(verb)) return { how: 'locked' };
  if (!/^(?:install|i|in|add)$/.test(verb)) return undefined;
  return nodeInstall(words, ['package-lock.json', 'npm-shrinkwrap.json'], 'npm ci');
};

const yarn: Reader = (words) => {
  const [verb = 'install'] = operands(words);
  if (has(words, '--version', '-v')) return undefined;
  return /^(?:install|add)$/.test(verb)
    ? nodeInstall(words, ['yarn.lock'], 'yarn install --immutable')
    : undefined;
};

const pnpm: Reader = (words) => {
  const verb = operands(words)[0] ?? '';
  if (verb === 'ci') return { how: 'locked' };
  return /^(?:install|i|add)$/.test(verb)
    ? nodeInstall(words, ['pnpm-lock.yaml'], 'pnpm install --frozen-lockfile')
    : undefined;
};

const bun: Reader = (words) => {
  const verb = operands(words)[0] ?? '';
  if (verb === 'ci') return { how: 'locked' };
  return /^(?:install|i|add)$/.test(verb)
    ? nodeInstall(words, ['bun.lock', 'bun.lockb'], 'bun install --frozen-lockfile')
    : undefined;
};

const pip: Reader = (words) => {
  const [verb, ...packages] = operands(words);
  if (verb !== 'install' && verb !== 'sync') return undefined;
  if (has(words, '--require-hashes')) return { how: 'locked' };
  if (packages.length > 0 && !has(words, '-r', '-e') && packages.every((name) => installers.test(name))) {
    return undefined;
  }
  return { how: 'unclear', reason: 'pip holds to a version only where its requirements name one' };
};

const uv: Reader = (words) => {
  const [verb] = operands(words);
  if (verb === 'pip') return pip(words.slice(words.indexOf('pip') + 1));
  if (verb !== 'sync') return undefined;
  return has(words, '--locked', '--frozen')
    ? { how: 'locked' }
    : { how: 'follows', lockfiles: ['uv.lock'], certain: 'uv sync --locked' };
};

const poetry: Reader = (words) =>
  /^(?:install|sync)$/.test(operands(words)[0] ?? '')
    ? { how: 'follows', lockfiles: ['poetry.lock'], certain: 'poetry check --lock before it' }
    : undefined;

const pipenv: Reader = (words) => {
  const [verb = ''] = operands(words);
  if (verb === 'sync' || (verb === 'install' && has(words, '--deploy'))) return { how: 'locked' };
  return verb === 'install'
    ? { how: 'follows', lockfiles: ['Pipfile.lock'], certain: 'pipenv sync' }
    : undefined;
};

const cargo: Reader = (words) => {
  const verbs = operands(words).slice(0, 2);
  if (!verbs.includes('build') && !(verbs.includes('install') && has(words, '--path'))) return undefined;
  return has(words, '--locked', '--frozen')
    ? { how: 'locked' }
    : { how: 'follows', lockfiles: ['Cargo.lock'], certain: 'cargo build --locked' };
};

/** In module mode go takes exactly what go.mod and go.sum name (Go modules reference: -mod=readonly). */
const go: Reader = (words) => {
  const [verb, operand = ''] = operands(words);
  if (verb === 'build' || (verb === 'mod' && /^(?:download|verify|vendor)$/.test(operand))) {
    return { how: 'locked' };
  }
  return verb === 'install' && operand !== '' && !operand.includes('@') ? { how: 'locked' } : undefined;
};

const dotnet: Reader = (words) => {
  if (!/^(?:restore|build|publish)$/.test(operands(words)[0] ?? '')) return undefined;
  return has(words, '--locked-mode')
    ? { how: 'locked' }
    : { how: 'unclear', reason: 'NuGet uses a lockfile only where the project asks for it' };
};

const jvm: Reader = () => ({
  how: 'unclear',
  reason: 'Maven and Gradle have no lockfile unless one is set up',
});

const readers = new Map<string, Reader>([
  ...Object.entries({ npm, yarn, pnpm, bun, pip, pip3: pip, uv, poetry, pipenv, cargo, go, dotnet }),
  ...['mvn', 'mvnw', 'gradle', 'gradlew'].map((name): [string, Reader] => [name, jvm]),
]);
