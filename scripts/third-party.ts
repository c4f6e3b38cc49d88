import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A package whose code is bundled into the published package. */
export interface BundledPackage {
  name: string;
  version: string;
  /** The SPDX expression in its manifest. */
  license: string;
  /** Its licence and notice files, unchanged. */
  texts: string[];
}

/**
 * The packages of these modules, each version once, sorted by name.
 *
 * @param modules paths of bundled files
 * @throws Error if a package declares no licence
 */
export function bundledPackages(modules: readonly string[]): BundledPackage[] {
  const folders = new Set(
    modules.flatMap((path) => /^.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+/.exec(path)?.[0] ?? []),
  );
  const packages = new Map(
    [...folders].map(readPackage).map((found) => [`${found.name}@${found.version}`, found]),
  );
  return [...packages.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

function readPackage(folder: string): BundledPackage {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  if (typeof license !== 'string') throw new Error(`${folder} declares no licence.`);
  const files = readdirSync(folder).filter((file) => /^(licen[cs]e|copying|notice)/i.test(file));
  return {
    name,
    version,
    license,
    texts: files.sort().map((file) => readFileSync(join(folder, file), 'utf8').trim()),
  };
}

/** All licences as one text, which the licences require in a redistribution. */
export function notices(packages: readonly BundledPackage[]): string {
  const parts = packages.map(({ name, version, license, texts }) =>
    [`${name} ${version} (${license})`, ...texts].join('\n\n'),
  );
  const head = 'The files in this folder contain code of these packages, under these licences.';
  return `${[head, ...parts].join(`\n\n${'-'.repeat(80)}\n\n`)}\n`;
}
