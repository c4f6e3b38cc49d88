import { execa } from 'execa';

/** `commit`: a repository with a first commit. `staged`: a repository without a commit. `none`: no repository. */
export interface GitResult {
  state: 'commit' | 'staged' | 'none';
  /** Why there is no commit, for people. */
  notice?: string;
}

const timeoutMs = 30_000;

/**
 * Creates a Git repository with a first commit on `main` in `directory`. Never throws if Git fails.
 *
 * @param around an existing directory that will contain the project. If it is in a work tree, nothing is done.
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
      // A Git hook sets these. They would redirect every command to the hook's repository.
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
  if (inside.code === 'ENOENT') return noRepository('git was not found. Install Git, then run: git init');
  if (inside.stdout === 'true') return noRepository('the directory is already part of one.');
  for (const words of [
    ['init', '--quiet'],
    // Pipelines run on `main`. Git before 2.28 has no `init -b`.
    ['symbolic-ref', 'HEAD', 'refs/heads/main'],
    ['add', '--all'],
  ]) {
    const result = await git(directory, ...words);
    if (result.failed) return noRepository(`git ${words[0]} failed: ${firstLine(result.stderr)}`);
  }
  if (!(await hasIdentity((...words) => git(directory, ...words), env))) {
    return {
      state: 'staged',
      notice:
        'No commit was created: Git does not know your name and email address. Set user.name and user.email, then run: git commit',
    };
  }
  // Hooks and signing are for the user's own commits, and may prompt invisibly.
  const commitWords = '-c commit.gpgsign=false commit --quiet --no-verify --message'.split(' ');
  const commit = await git(directory, ...commitWords, 'Create the project with mcp-prod');
  return commit.failed
    ? { state: 'staged', notice: `No commit was created: git commit failed: ${firstLine(commit.stderr)}` }
    : { state: 'commit' };
}

function noRepository(why: string): GitResult {
  return { state: 'none', notice: `No Git repository was created: ${why}` };
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
