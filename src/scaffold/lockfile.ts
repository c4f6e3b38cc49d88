/** The part of an npm lockfile (version 3) that is read here. */
export interface Lockfile {
  name: string;
  version: string;
  lockfileVersion: number;
  requires: boolean;
  /** By location: empty for the project, else `node_modules/...`. */
  packages: Record<string, LockedPackage>;
}

interface LockedPackage extends Manifest {
  dev?: boolean;
  optional?: boolean;
  devOptional?: boolean;
  peer?: boolean;
}

/** The part of a package manifest that a lockfile repeats. */
export interface Manifest {
  name?: string;
  version?: string;
  license?: string;
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
  peerDependencies?: Record<string, string>;
  peerDependenciesMeta?: Record<string, { optional?: boolean }>;
  engines?: Record<string, string>;
}

/** A dependency of one package on another, resolved as Node does. */
interface Edge {
  to: string;
  dev: boolean;
  optional: boolean;
  peer: boolean;
}

const flags = ['dev', 'devOptional', 'optional', 'peer'] as const;

/**
 * The lockfile of a project with fewer dependencies. Packages that the manifest does not reach are removed. The others keep
 * their location, so a valid tree stays valid, and get the flags that npm would give them.
 */
export function pruneLockfile(lockfile: Lockfile, manifest: Manifest): Lockfile {
  const root: LockedPackage = {
    ...pick(manifest, ['name', 'version', 'license']),
    ...Object.fromEntries(
      (['dependencies', 'devDependencies', 'engines'] as const).flatMap((key) => {
        const entries = Object.entries(manifest[key] ?? {}).sort(byNpmOrder);
        return entries.length === 0 ? [] : [[key, Object.fromEntries(entries)]];
      }),
    ),
  };
  const all = { ...lockfile.packages, '': root };
  // npm installs an optional peer dependency only if something else asks for it.
  const reached = reach(all, ({ peer, optional }) => !(peer && optional));
  const kept = Object.fromEntries(Object.entries(all).filter(([location]) => reached.has(location)));
  return {
    ...lockfile,
    name: manifest.name ?? lockfile.name,
    version: manifest.version ?? lockfile.version,
    packages: flagged(kept),
  };
}

/** A package has a flag if all paths to it have that flag. */
function flagged(packages: Record<string, LockedPackage>): Record<string, LockedPackage> {
  const without = {
    dev: reach(packages, ({ dev }) => !dev),
    devOptional: reach(packages, ({ dev, optional }) => !dev && !optional),
    optional: reach(packages, ({ optional }) => !optional),
    peer: reach(packages, ({ peer }) => !peer),
  };
  return Object.fromEntries(
    Object.entries(packages).map(([location, entry]) => {
      if (location === '') return [location, entry];
      const [dev, optional] = [!without.dev.has(location), !without.optional.has(location)];
      const values = {
        dev,
        // Needed by development and by an optional package, but not only by one of the two.
        devOptional: !dev && !optional && !without.devOptional.has(location),
        optional,
        peer: !without.peer.has(location),
      };
      const rest = Object.entries(entry).filter(([key]) => !flags.some((flag) => flag === key));
      const set = flags.filter((flag) => values[flag]).map((flag) => [flag, true] as const);
      return [location, Object.fromEntries([...rest, ...set].sort(byNpmOrder))];
    }),
  );
}

/** The locations that can be reached from the project by edges that `follow` accepts. */
function reach(packages: Record<string, LockedPackage>, follow: (edge: Edge) => boolean): Set<string> {
  const reached = new Set(['']);
  // A set may grow during iteration.
  for (const location of reached) {
    for (const edge of edgesOf(location, packages)) if (follow(edge)) reached.add(edge.to);
  }
  return reached;
}

function edgesOf(location: string, packages: Record<string, LockedPackage>): Edge[] {
  const from = packages[location] ?? {};
  const edges = new Map<string, Edge>();
  const add = (names: Record<string, string> | undefined, kind: Omit<Edge, 'to'>) => {
    for (const name of Object.keys(names ?? {})) {
      const to = resolve(name, location, packages);
      if (to !== undefined) edges.set(name, { to, ...kind });
    }
  };
  // If a name is in two groups, the later one wins.
  for (const [name, range] of Object.entries(from.peerDependencies ?? {})) {
    const optional = from.peerDependenciesMeta?.[name]?.optional === true;
    add({ [name]: range }, { dev: false, optional, peer: true });
  }
  add(from.dependencies, { dev: false, optional: false, peer: false });
  add(from.optionalDependencies, { dev: false, optional: true, peer: false });
  if (location === '') add(from.devDependencies, { dev: true, optional: false, peer: false });
  return [...edges.values()];
}

/** As Node does: in the package's own node_modules, then in those of its parent folders. */
function resolve(name: string, from: string, packages: Record<string, unknown>): string | undefined {
  for (let folder = from; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/node_modules/')))) {
    const location = `${folder}/node_modules/${name}`.replace(/^\//, '');
    if (Object.hasOwn(packages, location)) return location;
    if (folder === '') return undefined;
  }
}

/** Keys that npm writes first, then plain values and arrays, then objects, each alphabetically. */
function byNpmOrder(
  [a, aValue]: readonly [string, unknown],
  [b, bValue]: readonly [string, unknown],
): number {
  return rank(a, aValue) - rank(b, bValue) || a.localeCompare(b, 'en');
}

const firstKeys = ['name', 'version', 'lockfileVersion', 'resolved', 'integrity', 'requires'];

function rank(key: string, value: unknown): number {
  const plain = typeof value !== 'object' || Array.isArray(value);
  const first = firstKeys.indexOf(key);
  if (plain) return first === -1 ? firstKeys.length : first;
  return key === 'dependencies' ? firstKeys.length + 1 : firstKeys.length + 2;
}

function pick(manifest: Manifest, keys: readonly (keyof Manifest)[]): Partial<Manifest> {
  return Object.fromEntries(
    keys.flatMap((key) => (manifest[key] === undefined ? [] : [[key, manifest[key]]])),
  );
}
