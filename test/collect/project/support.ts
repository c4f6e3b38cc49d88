import { readComposeProjects } from '../../../src/collect/project/compose/projects.ts';
import { dockerfileReader } from '../../../src/collect/project/dockerfile/dockerfile.ts';
import type { FileText } from '../../../src/collect/project/files/read-file.ts';
import { readWorkloads } from '../../../src/collect/project/platforms/workloads.ts';
import { noSecrets, type Secrets } from '../../../src/collect/project/secrets/literal-secrets.ts';
import type { Declared } from '../../../src/evidence/declared.ts';
import type { ComposeProject, Dockerfile } from '../../../src/evidence/docker.ts';
import type { Workload } from '../../../src/evidence/workload.ts';

/** Made up here, piece by piece, so that no scanner takes this repository for a leak. */
export const fakes = {
  aws: ['AKIA', 'IOSFODNN7QWERTYU'].join(''),
  github: ['ghp', 'a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8'].join('_'),
  slack: ['xoxb', '123456789012', 'abcdefGHIJKLmnop'].join('-'),
  openai: ['sk', 'proj', 'Ab3dEf6hIj9kLm2nOp5qRs8t'].join('-'),
  jwt: [{ alg: 'HS256' }, { sub: '1234567890', role: 'admin' }, { s: 'signature-of-it' }]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.'),
  privateKey: ['-----BEGIN ', 'PRIVATE KEY-----\n', `${'MIIEvQIBADANBgkqhkiG9w0B'.repeat(3)}\n`].join(''),
};

export function dockerfile(text: string, secrets: Secrets = noSecrets()): Dockerfile {
  return dockerfileReader('Dockerfile', text, secrets)([]);
}

/** The stage that becomes the image. */
export function finalStage(text: string) {
  const { stages, final } = dockerfile(text);
  const stage = stages[final];
  if (!stage) throw new Error('there is no stage');
  return stage;
}

/** Reads compose files out of a map from name to content. */
export async function composeOf(files: Record<string, string>, secrets: Secrets = noSecrets()) {
  return readComposeProjects(
    Object.keys(files),
    async (file) => {
      const text = files[file];
      return text === undefined ? { skipped: 'does not exist' } : { text };
    },
    secrets,
  );
}

export function service(project: ComposeProject | undefined, name: string) {
  const found = project?.services.find((item) => item.name === name);
  if (!found) throw new Error(`there is no service ${name}: ${project?.broken}`);
  return found;
}

/** The only service of a `compose.yaml` that has one `app` with these lines. */
export async function appWith(lines: string, secrets?: Secrets) {
  const body = lines.replace(/^/gm, '    ');
  const { projects } = await composeOf({ 'compose.yaml': `services:\n  app:\n${body}\n` }, secrets);
  return service(projects[0], 'app');
}

/** Reads deployment descriptions out of a map from name to content. */
export async function workloadsOf(files: Record<string, string>, secrets: Secrets = noSecrets()) {
  const notices: string[] = [];
  const read = async (file: string): Promise<FileText> => {
    const text = files[file];
    return text === undefined ? { skipped: 'does not exist' } : { text };
  };
  const { signal } = new AbortController();
  const source = { read, note: (notice: string) => notices.push(notice), signal };
  return { ...(await readWorkloads(Object.keys(files), source, secrets)), notices };
}

/** The only workload of these files. */
export async function workloadOf(files: Record<string, string>, secrets?: Secrets): Promise<Workload> {
  const { workloads, notices } = await workloadsOf(files, secrets);
  const [workload] = workloads;
  if (!workload || workloads.length > 1) throw new Error(`${workloads.length} workloads: ${notices.join()}`);
  return workload;
}

/** The value of what is declared; undefined when nothing is. */
export const shown = (declared: Declared<unknown> | undefined): unknown =>
  declared && (declared.known ? declared.value : `?${declared.text}`);
