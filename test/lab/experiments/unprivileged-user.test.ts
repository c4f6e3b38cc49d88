import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { startInstance } from '../../../src/lab/world/instance.ts';
import { judgeCriterion } from '../../support/rows.ts';
import { type Language, languages, readyPlan } from '../ready.ts';
import { afterwards, alive, experimentsOn, openTestWorld, weatherPlan } from '../support.ts';

/** Without root there is nobody else to be. */
const asRoot = process.getuid?.() === 0;

type Seen = Awaited<ReturnType<typeof experimentsOn>>;
const judge = (seen: Seen) => judgeCriterion('non-root-user', 'process-user', seen);

describe.concurrent.each<Language>(['Node', 'Python'])('a server in %s', (language) => {
  it('serves as a user without rights', async () => {
    const { verdict, proof, finding } = judge(await experimentsOn(readyPlan(language), 'unprivileged-user'));
    expect({ verdict, proof, finding }).toMatchObject({ verdict: 'pass', proof: 'proven' });
    expect(finding).toMatch(
      asRoot
        ? /^Started as user 65534, the server listened and served a call\. It does not need root\.$/
        : /^The process that listened ran as user \d+\.$/,
    );
  });

  it.runIf(asRoot)('that needs a place of root is found', async () => {
    const { verdict, finding } = judge(
      await experimentsOn(readyPlan(language, 'root-only'), 'unprivileged-user'),
    );
    expect({ verdict, finding }).toMatchObject({ verdict: 'fail' });
    expect(finding).toMatch(
      /^As root, the server listened\. As user 65534, it ended with code 1 and printed: .*\/var\/lib/,
    );
  });
});

/** A copy of the Node server below a directory that only its owner may enter. */
function hidden(): string {
  const above = mkdtempSync(join(tmpdir(), 'mcp-prod-test-'));
  afterwards(async () => rmSync(above, { recursive: true, force: true }));
  const directory = join(above, 'ready');
  cpSync(languages.Node.directory, directory, { recursive: true });
  chmodSync(above, 0o700);
  return directory;
}

describe.runIf(asRoot)('a project of root', () => {
  it('is read where nobody else may look', async () => {
    const seen = await experimentsOn(readyPlan('Node', '', { directory: hidden() }), 'unprivileged-user');
    const experiment = seen.lab?.experiments['unprivileged-user'];
    expect(experiment).toMatchObject({ ran: true, history: { readsAll: true } });
    expect(judge(seen).verdict).toBe('pass');
  });

  it('that keeps files in its own directory is not judged: they would be its own elsewhere', async () => {
    const directory = hidden();
    mkdirSync(join(directory, 'data'));
    writeFileSync(
      join(directory, 'keeps.mjs'),
      "import { writeFileSync } from 'node:fs';\nwriteFileSync('data/state.json', '{}');\nawait import('./server.mjs');\n",
    );
    const seen = await experimentsOn(
      readyPlan('Node', '', { directory, command: 'node keeps.mjs' }),
      'unprivileged-user',
    );
    const { verdict, reason } = judge(seen);
    expect({ verdict, reason }).toMatchObject({ verdict: 'inconclusive' });
    expect(reason).toMatch(
      /^Started as user 65534, the server ended with code 1\. The cause is unknown: it may need root/,
    );
  });

  it('leaves nothing behind as another user, also when nobody stops it', async () => {
    const run = await openTestWorld(weatherPlan(readyPlan('Node')));
    const instance = await startInstance(run, { as: { uid: 65_534, gid: 65_534, readsAll: false } });
    const { outcome } = instance.server.facts();
    const pid = outcome.kind === 'listening' ? outcome.listener.pid : 0;
    expect(outcome).toMatchObject({ kind: 'listening', listener: { uid: 65_534 } });
    await run.close();
    expect(alive(pid)).toBe(false);
    await instance.stop();
  });
});
