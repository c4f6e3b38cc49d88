import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { change, generate, lacks, run, slug } from './support.ts';

const unit = `deploy/systemd/${slug}.service`;

/** systemd's own reading of the unit: warnings go to its output, and its exit code does not always tell. */
async function verify(project: string): Promise<string> {
  const { exitCode, output } = await run('systemd-analyze', ['verify', join(project, unit)]);
  return `${exitCode}${output}`;
}

async function exposure(project: string): Promise<number> {
  const words = ['security', '--offline=yes', '--no-pager', join(project, unit)];
  const { output } = await run('systemd-analyze', words);
  const level = /Overall exposure level for .*: ([\d.]+)/.exec(output)?.[1];
  expect(level, output).toBeDefined();
  return Number(level);
}

describe.skipIf(lacks('systemd-analyze', 'systemd'))('the systemd unit', () => {
  test('is one that systemd accepts without a word', async () => {
    const project = await generate({ deploy: 'systemd' });
    // Here node may be somewhere else; the rest of the line stays what it is.
    await change(project, unit, '/usr/bin/node', process.execPath);
    expect(await verify(project)).toBe('0');
  });

  test('leaves little exposed', async () => {
    expect(await exposure(await generate({ deploy: 'systemd' }))).toBeLessThanOrEqual(1.5);
  });

  test('starts node itself, comes back, and waits longer than the server drains', async () => {
    const text = await readFile(join(await generate({ deploy: 'systemd' }), unit), 'utf8');
    const settings = Object.fromEntries(
      [...text.matchAll(/^(\w+)=(.*)$/gm)].map(([, key, value]) => [key, value]),
    );
    expect(settings).toMatchObject({
      ExecStart: '/usr/bin/node dist/index.js',
      Restart: 'always',
      KillSignal: 'SIGTERM',
      TimeoutStopSec: '30',
      EnvironmentFile: `/etc/${slug}.env`,
      DynamicUser: 'yes',
      LimitNOFILE: '65536',
    });
    expect(text).not.toMatch(/KEY|TOKEN|SECRET/);
  });

  test.each([
    ['an unknown setting', 'Restart=always', 'Restat=always', /Restat/],
    ['an unknown value', 'Restart=always', 'Restart=sometimes', /sometimes/],
    ['a program that is not there', '/usr/bin/node', '/nowhere/node', /nowhere/],
  ])('%s is noticed', async (_what, from, to, complaint) => {
    const project = await generate({ deploy: 'systemd' });
    await change(project, unit, from, to);
    expect(await verify(project)).toMatch(complaint);
  });

  test('a unit without its sandbox is noticed', async () => {
    const project = await generate({ deploy: 'systemd' });
    await change(project, unit, 'ProtectSystem=strict\n', '');
    await change(project, unit, 'CapabilityBoundingSet=\n', '');
    await change(project, unit, 'DynamicUser=yes\n', '');
    expect(await exposure(project)).toBeGreaterThan(1.5);
  });
});
