import { defineConfig } from 'vitest/config';

const shared = {
  // Suites start real servers and install real packages: slow machines get time, hung ones still end.
  testTimeout: 60_000,
  hookTimeout: 240_000,
};

/** Where many files load much, they share it: to load it anew takes longer than many a test. */
const loadedOnce = { isolate: false };

/** Suites about generated projects, which share those of equal options. */
const onProjects = { ...shared, globalSetup: 'test/support/generated-projects.setup.ts' };

/** Each has a folder of its own. `npm test` runs the first two, `npm run test:all` all of them. */
const folders = {
  generated: ['test/generated/*.test.ts'],
  combinations: ['test/combinations/*.test.ts'],
  faults: ['test/faults/*.test.ts', 'test/conformance/*.test.ts'],
  lab: ['test/lab/**/*.test.ts'],
  deploy: ['test/deploy/*.test.ts'],
};

export default defineConfig({
  test: {
    maxWorkers: 2,
    // Of tests in one file that ask for it.
    maxConcurrency: 2,
    projects: [
      {
        test: {
          ...shared,
          ...loadedOnce,
          name: 'mcp-prod',
          include: ['test/**/*.test.ts'],
          exclude: Object.values(folders).flat(),
        },
      },
      // What a generated server does, and what the audit says of it.
      { test: { ...onProjects, name: 'generated', include: folders.generated } },
      // Every option and package manager: installed, type-checked, linted, tested.
      { test: { ...onProjects, name: 'combinations', include: folders.combinations } },
      // What it takes to bring a generated server down, and the official conformance suite.
      { test: { ...onProjects, name: 'faults', include: folders.faults } },
      // Launching servers of every kind, standing between them and their upstreams, and leaving nothing behind.
      // A test waits for most of its time, and others run beside it.
      {
        test: {
          ...shared,
          ...loadedOnce,
          name: 'lab',
          include: folders.lab,
          globalSetup: 'test/support/watchdog.setup.ts',
          setupFiles: 'test/lab/setup.ts',
          testTimeout: 180_000,
          maxConcurrency: 4,
        },
      },
      // Deployment files against the programs that read them: container builds, nginx, Prometheus and others.
      { test: { ...shared, name: 'deploy', include: folders.deploy } },
    ],
  },
});
