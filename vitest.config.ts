import { defineConfig } from 'vitest/config';

const shared = {
  // Suites start real servers and install real packages: slow machines get time, hung ones still end.
  testTimeout: 60_000,
  hookTimeout: 240_000,
  expect: { poll: { timeout: 30_000 } },
};

/** Where many files load much, they share it: to load it anew takes longer than many a test. */
const loadedOnce = { isolate: false };

/** Suites that measure, or wait for what is late on a busy machine, do not run beside others. */
const after = (groupOrder: number) => ({ sequence: { groupOrder } });

/** Suites about generated projects, which share those of equal options. */
const onProjects = { ...shared, globalSetup: 'test/support/generated-projects.setup.ts' };

/** What each of them runs. `npm test` runs `mcp-prod` and `generated`, `npm run test:all` all of them. */
const suites = {
  generated: ['test/generated/{audit,project,transport}.test.ts'],
  features: ['test/generated/*.test.ts'],
  programs: ['test/cli/git.test.ts', 'test/collect/wire/python.test.ts', 'test/report/html.test.ts'],
  bounds: [
    'test/{cli,collect/project,collect/wire}/hostile.test.ts',
    'test/cli/defect.test.ts',
    'test/collect/wire/{leaked-secrets,oversized-bodies,pressure,process,sessions}.test.ts',
    'test/{inherited-names,linear-patterns}.test.ts',
  ],
  combinations: ['test/combinations/*.test.ts', 'test/scaffold/every-combination.test.ts'],
  faults: ['test/faults/*.test.ts', 'test/conformance/*.test.ts'],
  lab: ['test/lab/**/*.test.ts'],
  fuzz: ['test/fuzz/*.test.ts'],
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
          exclude: Object.values(suites).flat(),
        },
      },
      // That a generated server compiles, starts, answers, and is audited well.
      { test: { ...onProjects, name: 'generated', include: suites.generated } },
      // Whatever else a generated server does: its keys, log, metrics, alerts, traces, OAuth, and what the audit says of one defect.
      {
        test: {
          ...onProjects,
          name: 'features',
          include: suites.features,
          exclude: suites.generated,
        },
      },
      // What needs programs of the system: git, Python, Chromium.
      { test: { ...shared, name: 'programs', include: suites.programs } },
      // What an audit may take and send, with figures, what a hostile server can make it do, and how it ends after a defect.
      { test: { ...shared, ...loadedOnce, name: 'bounds', include: suites.bounds } },
      // Every option and package manager: installed, type-checked, linted, tested.
      {
        test: { ...onProjects, ...after(1), name: 'combinations', include: suites.combinations },
      },
      // What it takes to bring a generated server down, and the official conformance suite.
      { test: { ...onProjects, ...after(2), name: 'faults', include: suites.faults } },
      // Launching servers of every kind, standing between them and their upstreams, and leaving nothing behind.
      // A test waits for most of its time, and others run beside it.
      {
        test: {
          ...shared,
          ...loadedOnce,
          ...after(3),
          name: 'lab',
          include: suites.lab,
          globalSetup: 'test/support/watchdog.setup.ts',
          setupFiles: 'test/lab/setup.ts',
          testTimeout: 180_000,
          maxConcurrency: 4,
        },
      },
      // Made-up responses, directories, schemas and evidence, the same ones in every run.
      {
        test: {
          ...shared,
          ...loadedOnce,
          ...after(4),
          name: 'fuzz',
          include: suites.fuzz,
          testTimeout: 1_200_000,
        },
      },
      // Deployment files against the programs that read them: container builds, nginx, Prometheus and others.
      { test: { ...shared, name: 'deploy', include: suites.deploy } },
    ],
  },
});
