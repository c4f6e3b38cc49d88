import { execa } from 'execa';

/** `commit`: repository with a first commit. `staged`: repository, files added, no commit. `none`: no repository. */
export interface GitResult {
  state: 'commit' | 'staged' | 'none';
  /** Why it is not a commit, for people. */
  notice?: string;
}

const timeoutMs = 30_000;

/**
 * Makes the project in `directory` a git repository with a first commit. Never throws for what git meets.
 *
 * @param around an existing directory in or above which the project will be: inside a work tree, nothing is done
 */
export async function initialiseRepository(
  directory: string,
  around: string,
  env: NodeJS.ProcessEnv,
  signal: AbortSignal,
): Promise<GitResult> {
  const git = (cwd: string, ...words: string[]) =>
    execa('git', words, {
      cwd,
      // Set while a git hook runs, these would redirect every command to that hook's repository.
      env: Object.fromEntries(
        Object.entries(env).filter(
          ([name]) => !/^GIT_(DIR|WORK_TREE|INDEX_FILE|PREFIX|COMMON_DIR)$/.test(name),
        ),
      ),
      extendEnv: false,
      stdin: 'ignore',
      reject: false,
      timeout: timeoutMs,
      cancelSignal: signal,
    });

  const inside = await git(around, 'rev-parse', '--is-inside-work-tree');
  if (inside.code === 'ENOENT')
    return {
      state: 'none',
      notice: 'The project has no repository, because git was not found. Install git and run git init.',
    };
  if (inside.stdout === 'true') {
    return {
      state: 'none',
      notice: 'The directory is part of a git repository already: no other one was made.',
    };
  }
  for (const words of [
    ['init', '--quiet'],
    ['add', '--all'],
  ]) {
    const result = await git(directory, ...words);
    if (result.failed)
      return { state: 'none', notice: `git ${words[0]} failed: ${firstLine(result.stderr)}` };
  }
  if (!(await hasIdentity((...words) => git(directory, ...words), env))) {
    return {
      state: 'staged',
      notice:
        'Nothing was committed, because git does not know your name and e-mail address. Set user.name and user.email, then run git commit.',
    };
  }
  // Hooks and signing are made for the user's own commits, and may ask questions that nobody would see.
  const commit = await git(
    directory,
    ...[
      '-c',
      'commit.gpgsign=false',
      'commit',
      '--quiet',
      '--no-verify',
      '--message',
      'Create the project with mcp-prod',
    ],
  );
  return commit.failed
    ? { state: 'staged', notice: `git commit failed: ${firstLine(commit.stderr)}` }
    : { state: 'commit' };
}

type Git = (...words: string[]) => Promise<{ stdout: string }>;

async function hasIdentity(git: Git, env: NodeJS.ProcessEnv): Promise<boolean> {
  for (const part of ['NAME', 'EMAIL']) {
    if (env[`GIT_AUTHOR_${part}`] && env[`GIT_COMMITTER_${part}`]) continue;
    const { stdout } = await git('config', '--get', `user.${part.toLowerCase()}`);
    if (stdout.trim() === '') return false;
  }
  return true;
}

function firstLine(text: string): string {
  return (text.trim().split('\n')[0] ?? '').slice(0, 300);
}
