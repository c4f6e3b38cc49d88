import { ProjectFiles } from '../../../src/collect/project/files/project-files.ts';
import { noSecrets } from '../../../src/collect/project/secrets/literal-secrets.ts';
import { readSource } from '../../../src/collect/project/source/source.ts';

/** Files out of a map from name to content. */
export class MapFiles extends ProjectFiles {
  private readonly contents: Record<string, string>;

  constructor(contents: Record<string, string>) {
    super('/nowhere', new AbortController().signal);
    this.contents = contents;
  }

  override async read(file: string) {
    const text = this.contents[file];
    return text === undefined ? { skipped: 'does not exist' } : { text };
  }
}

/** What the source of a made-up project says, with the secrets in it. */
export async function readProject(contents: Record<string, string>) {
  const files = new MapFiles(contents);
  const secrets = noSecrets();
  const facts = await readSource(Object.keys(contents), files, secrets);
  return { facts, secrets: secrets.found, notices: files.notices() };
}

export const typescript = async (text: string) => (await readProject({ 'src/server.ts': text })).facts;
export const python = async (text: string) => (await readProject({ 'server.py': text })).facts;
