/** Words in a path that say that a file serves development, tests or explanation, not production. */
const asideWords = new Set(
  `bench benchmark benchmarks ci debug demo demos dev devcontainer devel develop development doc docs documentation e2e
   example examples fixture fixtures integration local mock mocks playground sample samples sandbox template templates
   test testdata testing tests tutorial tutorials workshop`.split(/\s+/),
);

const wordsOf = (text: string): string[] => text.toLowerCase().split(/[^a-z\d]+/);

/**
 * Whether a file says nothing of production by where it stands or what it is called: `.devcontainer/Dockerfile`,
 * `examples/client/compose.yaml`, `Dockerfile.dev`.
 *
 * @param file relative to the project's directory
 */
export function isAside(file: string): boolean {
  const folders = file.split('/');
  const name = folders.pop() ?? '';
  return isAsideName(name) || folders.some(isAsideFolder);
}

/** A package may be called `docs-mcp-server`, and it is one all the same. */
function isAsideFolder(folder: string): boolean {
  if (folder === '.github' || folder === '.gitlab') return true;
  return isAsideName(folder) && !wordsOf(folder).some((word) => ['mcp', 'server'].includes(word));
}

/** Whether a stage, a service or a profile is named for development or tests. */
export const isAsideName = (name: string | undefined): boolean =>
  name !== undefined && wordsOf(name).some((word) => asideWords.has(word));

/** Whether a name says that it belongs to an MCP server, and not to what only connects to one. */
export function namesMcp(name: string): boolean {
  const words = wordsOf(name);
  return words.includes('mcp') && !words.some((word) => ['client', 'inspector'].includes(word));
}

/** `compose.prod.yaml`, `Dockerfile.production`. */
export const namesProduction = (file: string): boolean =>
  wordsOf(file).some((word) => ['prod', 'production'].includes(word));
