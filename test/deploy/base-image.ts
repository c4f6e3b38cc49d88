import { mkdir, realpath, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { temporaryFolder } from './support.ts';

/** Where npm's cache of this machine is in the image while it is built. */
const npmCache = '/npm-cache';

/** A place for images of its own. */
export interface Images {
  /** Runs a buildah command and returns what it printed. */
  buildah: (...words: string[]) => Promise<string>;
  /** Ends what is mounted, so that the folder can go. */
  close: () => Promise<void>;
}

/** Images of a test, in a folder that goes away with its process. */
export async function imageStore(): Promise<Images> {
  // Copying whole file systems, as vfs does, takes a minute more, and works in containers too.
  return (
    (await storeWith('overlay')) ?? (await storeWith('vfs')) ?? Promise.reject(new Error('No storage works.'))
  );
}

async function storeWith(driver: string): Promise<Images | undefined> {
  const folder = await temporaryFolder();
  const root = join(folder, 'images');
  const words = ['--root', root, '--runroot', join(folder, 'run'), '--storage-driver', driver];
  const buildah = async (...more: string[]) =>
    (await execa('buildah', [...words, ...more], { stdin: 'ignore' })).stdout.trim();
  const close = async () => {
    await execa('buildah', [...words, 'rm', '--all'], { stdin: 'ignore', reject: false });
    await execa('umount', [join(root, driver)], { reject: false });
  };
  try {
    await buildah('mount', await buildah('from', 'scratch'));
    return { buildah, close };
  } catch {
    await close();
    return undefined;
  }
}

/**
 * Makes an image of this machine's own node and npm, under the name of the official one, so that a Dockerfile can be
 * built as it is where no registry of images can be reached. It has a user `node` and npm's registry of this machine.
 */
export async function makeBaseImage({ buildah }: Images, name: string): Promise<void> {
  const root = join(await temporaryFolder(), 'root');
  await copyPrograms(root, [process.execPath, '/bin/sh', '/usr/bin/env']);
  const npm = dirname(dirname(await which('npm')));
  await mkdir(join(root, 'usr/lib/node_modules'), { recursive: true });
  await execa('cp', ['-a', npm, join(root, 'usr/lib/node_modules/npm')]);
  await symlink('../lib/node_modules/npm/bin/npm-cli.js', join(root, 'usr/bin/npm'));
  await symlink('usr/bin', join(root, 'bin'));
  await write(root, 'etc/passwd', 'root:x:0:0::/root:/bin/sh\nnode:x:1000:1000::/home/node:/bin/sh\n');
  await write(root, 'etc/group', 'root:x:0:\nnode:x:1000:\n');
  await writeNpmConfiguration(root);
  await execa('mkdir', ['-p', '-m', '1777', join(root, 'tmp')]);

  const container = await buildah('from', 'scratch');
  await buildah('add', '--quiet', container, root, '/');
  await buildah('config', '--env', 'PATH=/usr/bin:/bin', container);
  await buildah('commit', '--quiet', container, name);
  await buildah('rm', container);
}

/** Builds a project's Dockerfile, unchanged, without asking any registry of images. */
export async function buildImage({ buildah }: Images, project: string, name: string): Promise<void> {
  const { stdout: cache } = await execa('npm', ['config', 'get', 'cache']);
  await mkdir(cache, { recursive: true });
  await buildah(
    ...[
      'build',
      '--quiet',
      '--format',
      'docker',
      '--isolation',
      'chroot',
      '--pull-never',
      '--network',
      'host',
    ],
    ...['--volume', `${cache}:${npmCache}`, '--tag', name, project],
  );
}

/** Programs with the shared libraries that they load, at the places where the loader looks for them. */
async function copyPrograms(root: string, programs: readonly string[]): Promise<void> {
  const libraries = new Set<string>();
  for (const program of programs) {
    await execa('install', ['-D', await realpath(program), join(root, 'usr/bin', nameOf(program))]);
    const { stdout } = await execa('ldd', [await realpath(program)]);
    for (const [library] of stdout.matchAll(/\/\S+/g)) {
      libraries.add(library);
      // A part of the C library that every Debian has. Node does not load it; what the build runs does.
      if (nameOf(library) === 'libc.so.6') libraries.add(join(dirname(library), 'librt.so.1'));
    }
  }
  for (const library of libraries)
    await execa('install', ['-D', await realpath(library), join(root, library)]);
}

async function writeNpmConfiguration(root: string): Promise<void> {
  const lines = [`cache=${npmCache}`, 'prefer-offline=true', 'update-notifier=false'];
  const { stdout: registry } = await execa('npm', ['config', 'get', 'registry']);
  lines.push(`registry=${registry}`);
  const { stdout: authorities } = await execa('npm', ['config', 'get', 'cafile']);
  if (authorities !== 'null') {
    await execa('install', ['-D', await realpath(authorities), join(root, 'etc/npm-authorities.pem')]);
    lines.push('cafile=/etc/npm-authorities.pem');
  }
  await write(root, 'usr/etc/npmrc', `${lines.join('\n')}\n`);
}

async function write(root: string, path: string, text: string): Promise<void> {
  await mkdir(dirname(join(root, path)), { recursive: true });
  await writeFile(join(root, path), text);
}

async function which(program: string): Promise<string> {
  const { stdout } = await execa('sh', ['-c', 'command -v "$0"', program]);
  return realpath(stdout);
}

function nameOf(program: string): string {
  return program.slice(program.lastIndexOf('/') + 1);
}
