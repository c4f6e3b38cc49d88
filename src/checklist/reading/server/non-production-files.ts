/** Words in a path that mark a file for development, tests or documentation. */
const nonProductionWords = new Set(
  `bench benchmark benchmarks ci debug demo demos dev devcontainer devel develop development doc docs documentation e2e
   example examples fixture fixtures integration local mock mocks playground sample samples sandbox template templates
   test testdata testing tests tutorial tutorials workshop`.split(/\s+/),
);

const wordsOf = (text: string): string[] => text.toLowerCase().split(/[^a-z\d]+/);

/**
 * Whether a file is not for production, by its folder or its name: `.devcontainer/Dockerfile`,
 * `examples/client/compose.yaml`, `Dockerfile.dev`.
 *
 * @param file relative to the project's directory
 */
export function isNonProductionFile(file: string): boolean {
  const folders = file.split('/');
  const name = folders.pop() ?? '';
  return namesNonProduction(name) || folders.some(isNonProductionFolder);
}

/** A folder named for a server counts: `docs-mcp-server` is production code. */
function isNonProductionFolder(folder: string): boolean {
  if (folder === '.github' || folder === '.gitlab') return true;
  return namesNonProduction(folder) && !wordsOf(folder).some((word) => ['mcp', 'server'].includes(word));
}

/** Whether a stage, a service or a profile is named for development or tests. */
export const namesNonProduction = (name: string | undefined): boolean =>
  name !== undefined && wordsOf(name).some((word) => nonProductionWords.has(word));

/** Whether a name belongs to an MCP server, not to a client of one. */
export function namesMcp(name: string): boolean {
  const parts = wordsOf(name);
  return parts.includes('mcp') && !parts.some((word) => ['client', 'inspector'].includes(word));
}

/** The folder of a file; empty at the project's root. */
export const folderOf = (file: string): string => file.split('/').slice(0, -1).join('/');

/** `compose.prod.yaml`, `Dockerfile.production`. */
export const namesProduction = (file: string): boolean =>
  wordsOf(file).some((word) => ['prod', 'production'].includes(word));
