import { readFileSync } from 'node:fs';
import { build } from 'rolldown';

// The packages are part of dist/: the server starts sooner, and runs where no node_modules is.
await build({
  input: ['src/index.ts', 'src/stdio.ts'],
  platform: 'node',
  // Names without hashes: a build replaces files in place, also beside a server that is about to start.
  output: { dir: 'dist', chunkFileNames: '[name].js', sourcemap: true },
  // By default a package that is not installed is left out with a warning.
  onLog: (level, log, handle) => handle(log.code === 'UNRESOLVED_IMPORT' ? 'error' : level, log),
  plugins: [{ name: 'sbom', generateBundle: emitBillOfMaterials }],
});

function emitBillOfMaterials(_options, bundle) {
  const modules = Object.values(bundle).flatMap(({ moduleIds = [] }) => moduleIds);
  this.emitFile({ type: 'asset', fileName: 'sbom.cdx.json', source: billOfMaterials(modules) });
}

/**
 * Lists the packages in the bundle as CycloneDX 1.6: the image has no node_modules for scanners to find. The optional time
 * and serial number are omitted, so the same packages give the same bytes.
 */
function billOfMaterials(modules) {
  const folder = /^.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+/;
  const folders = new Set(modules.flatMap((id) => folder.exec(id)?.[0] ?? []));
  const libraries = [...folders].map((path) => componentOf('library', `${path}/package.json`));
  const byReference = new Map(libraries.map((library) => [library['bom-ref'], library]));
  const document = {
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: { component: componentOf('application', 'package.json') },
    components: [...byReference.keys()].sort().map((reference) => byReference.get(reference)),
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

function componentOf(type, manifest) {
  const { name, version, license } = JSON.parse(readFileSync(manifest, 'utf8'));
  const purl = `pkg:npm/${name.replace('@', '%40')}@${version}`;
  const licenses = license === undefined ? undefined : [{ expression: license }];
  return { type, 'bom-ref': purl, name, version, purl, licenses };
}
