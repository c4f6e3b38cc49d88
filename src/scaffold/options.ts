export interface Choice {
  value: string;
  /** What a person reads in the list of choices. */
  label: string;
  /** Template folders, below `templates/`, that this choice adds. */
  layers: readonly string[];
  /** Values of the same option that this one cannot do without. */
  implies?: readonly string[];
}

/**
 * How many values an option takes. `one`: exactly one. `several`: any number, on the command line separated by commas, or
 * `none`. `switch`: a flag without a value; its choices are `off` and `on`.
 */
export type OptionKind = 'one' | 'several' | 'switch';

export interface ScaffoldOption {
  /** The flag without its dashes. */
  id: string;
  kind: OptionKind;
  /** What the flag does, for `--help`. */
  summary: string;
  question: string;
  choices: readonly Choice[];
  defaults: readonly string[];
}

/**
 * Everything about the generated project that can be chosen, in the order of the questions and of the layers. A new choice
 * is a row here and the folders it names: flags, questions and the plan follow from this table.
 */
export const scaffoldOptions: readonly ScaffoldOption[] = [
  {
    id: 'auth',
    kind: 'one',
    summary: 'how clients prove who they are',
    question: 'How do clients prove who they are?',
    choices: [
      {
        value: 'api-key',
        label: 'API keys (bearer tokens that you hand out)',
        layers: ['auth/bearer', 'auth/api-key'],
      },
      {
        value: 'oauth',
        label: 'OAuth (tokens of your identity provider)',
        layers: ['auth/bearer', 'auth/oauth'],
      },
      {
        value: 'none',
        label: 'Not at all (only on this machine, or behind a gateway)',
        layers: ['auth/none'],
      },
    ],
    defaults: ['api-key'],
  },
  {
    id: 'store',
    kind: 'one',
    summary: 'where the cache and the rate limits are kept',
    question: 'Where are the cache and the rate limits kept?',
    choices: [
      { value: 'memory', label: 'In memory (each instance has its own)', layers: ['store/memory'] },
      { value: 'redis', label: 'Redis (all instances share it)', layers: ['store/redis'] },
    ],
    defaults: ['memory'],
  },
  {
    id: 'provider',
    kind: 'one',
    summary: 'the weather service',
    question: 'Which weather service?',
    choices: [
      {
        value: 'openweathermap',
        label: 'OpenWeatherMap (needs a free key)',
        layers: ['provider/openweathermap'],
      },
      { value: 'open-meteo', label: 'Open-Meteo (needs no key)', layers: ['provider/open-meteo'] },
    ],
    defaults: ['openweathermap'],
  },
  {
    id: 'sse',
    kind: 'switch',
    summary: 'also serve the HTTP+SSE transport of 2024-11-05',
    question: 'Serve the older HTTP+SSE transport (2024-11-05) as well?',
    choices: [
      { value: 'off', label: 'No', layers: [] },
      { value: 'on', label: 'Yes', layers: ['sse'] },
    ],
    defaults: ['off'],
  },
  {
    id: 'observability',
    kind: 'one',
    summary: 'what tells how the server is doing, besides its log',
    question: 'What tells how the server is doing, besides its log?',
    choices: [
      { value: 'none', label: 'Nothing', layers: ['observability/none'] },
      { value: 'basic', label: 'Metrics, alerts and traces', layers: ['observability/basic'] },
      {
        value: 'full',
        label: 'Metrics, alerts and traces, with log collection and a dashboard',
        layers: ['observability/basic', 'observability/full'],
      },
    ],
    defaults: ['basic'],
  },
  {
    id: 'deploy',
    kind: 'several',
    summary: 'what it is deployed with',
    question: 'How will it be deployed?',
    choices: [
      { value: 'docker', label: 'Dockerfile', layers: ['deploy/docker'] },
      {
        value: 'compose',
        label: 'Docker Compose',
        layers: ['deploy/compose', 'deploy/nginx'],
        implies: ['docker'],
      },
      { value: 'kubernetes', label: 'Kubernetes', layers: ['deploy/kubernetes'], implies: ['docker'] },
      { value: 'fly', label: 'Fly.io', layers: ['deploy/fly'], implies: ['docker'] },
      { value: 'render', label: 'Render', layers: ['deploy/render'], implies: ['docker'] },
      { value: 'systemd', label: 'systemd unit', layers: ['deploy/systemd', 'deploy/nginx'] },
    ],
    defaults: ['docker', 'compose'],
  },
  {
    id: 'ci',
    kind: 'one',
    summary: 'where checks run on every push',
    question: 'Where do checks run on every push?',
    choices: [
      { value: 'github', label: 'GitHub Actions', layers: ['ci/shared', 'ci/github'] },
      { value: 'gitlab', label: 'GitLab CI/CD', layers: ['ci/shared', 'ci/gitlab'] },
      { value: 'none', label: 'Nowhere', layers: [] },
    ],
    defaults: ['github'],
  },
  {
    id: 'package-manager',
    kind: 'one',
    summary: 'what installs the dependencies',
    question: 'Which package manager?',
    choices: [
      { value: 'npm', label: 'npm', layers: ['package-manager/npm'] },
      { value: 'pnpm', label: 'pnpm', layers: ['package-manager/pnpm'] },
      { value: 'yarn', label: 'Yarn 4', layers: ['package-manager/yarn'] },
      { value: 'bun', label: 'Bun', layers: ['package-manager/bun'] },
    ],
    defaults: ['npm'],
  },
];

/** A template folder for what certain choices need together. */
export interface Combination {
  layer: string;
  /** Option ids, each with the values of which one has to be chosen. */
  needs: Readonly<Record<string, readonly string[]>>;
}

/** Laid over the folders of the single choices, in this order. */
export const combinations: readonly Combination[] = [
  { layer: 'combined/memory+kubernetes', needs: { store: ['memory'], deploy: ['kubernetes'] } },
  { layer: 'combined/redis+compose', needs: { store: ['redis'], deploy: ['compose'] } },
  { layer: 'combined/redis+kubernetes', needs: { store: ['redis'], deploy: ['kubernetes'] } },
  { layer: 'combined/redis+fly', needs: { store: ['redis'], deploy: ['fly'] } },
  { layer: 'combined/redis+render', needs: { store: ['redis'], deploy: ['render'] } },
  { layer: 'combined/redis+systemd', needs: { store: ['redis'], deploy: ['systemd'] } },
  { layer: 'combined/redis+basic', needs: { store: ['redis'], observability: ['basic', 'full'] } },
  { layer: 'combined/no-auth+docker', needs: { auth: ['none'], deploy: ['docker'] } },
  { layer: 'combined/oauth+nginx', needs: { auth: ['oauth'], deploy: ['compose', 'systemd'] } },
  { layer: 'combined/oauth+kubernetes', needs: { auth: ['oauth'], deploy: ['kubernetes'] } },
  { layer: 'combined/oauth+render', needs: { auth: ['oauth'], deploy: ['render'] } },
  { layer: 'combined/api-key+render', needs: { auth: ['api-key'], deploy: ['render'] } },
  { layer: 'combined/openweathermap+render', needs: { provider: ['openweathermap'], deploy: ['render'] } },
  { layer: 'combined/sse+oauth', needs: { sse: ['on'], auth: ['oauth'] } },
  { layer: 'combined/sse+nginx', needs: { sse: ['on'], deploy: ['compose', 'systemd'] } },
  { layer: 'combined/sse+fly', needs: { sse: ['on'], deploy: ['fly'] } },
  { layer: 'combined/sse+kubernetes', needs: { sse: ['on'], deploy: ['kubernetes'] } },
  { layer: 'combined/basic+kubernetes', needs: { observability: ['basic', 'full'], deploy: ['kubernetes'] } },
  { layer: 'combined/basic+fly', needs: { observability: ['basic', 'full'], deploy: ['fly'] } },
  { layer: 'combined/basic+render', needs: { observability: ['basic', 'full'], deploy: ['render'] } },
  { layer: 'combined/docker+github', needs: { deploy: ['docker'], ci: ['github'] } },
  { layer: 'combined/docker+gitlab', needs: { deploy: ['docker'], ci: ['gitlab'] } },
  { layer: 'combined/redis+github', needs: { store: ['redis'], ci: ['github'] } },
  { layer: 'combined/redis+gitlab', needs: { store: ['redis'], ci: ['gitlab'] } },
  // Where compose.yaml names images that others make.
  {
    layer: 'combined/compose-images+github',
    needs: { store: ['redis'], deploy: ['compose'], ci: ['github'] },
  },
  {
    layer: 'combined/compose-images+github',
    needs: { observability: ['full'], deploy: ['compose'], ci: ['github'] },
  },
  { layer: 'combined/full+compose', needs: { observability: ['full'], deploy: ['compose'] } },
];
