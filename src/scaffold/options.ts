export interface Choice {
  value: string;
  /** Shown in the list of choices. */
  label: string;
  /** Template folders, below `templates/`, that this choice adds. */
  layers: readonly string[];
  /** Values of the same option that this one requires. */
  implies?: readonly string[];
}

/**
 * `one`: exactly one value. `several`: values separated by commas, or `none`. `switch`: a flag without a value; its choices
 * are `off` and `on`.
 */
export type OptionKind = 'one' | 'several' | 'switch';

export interface ScaffoldOption {
  /** The flag without its dashes. */
  id: string;
  kind: OptionKind;
  /** Describes the flag in `--help`. */
  summary: string;
  question: string;
  choices: readonly Choice[];
  defaults: readonly string[];
}

/**
 * The options of the generated project, in the order of the questions and the layers. A new choice needs only a row here
 * and its folders: flags, questions and the plan follow from this table.
 */
export const scaffoldOptions: readonly ScaffoldOption[] = [
  {
    id: 'auth',
    kind: 'one',
    summary: 'how clients authenticate',
    question: 'Authentication?',
    choices: [
      {
        value: 'api-key',
        label: 'API keys (bearer tokens that you issue)',
        layers: ['auth/bearer', 'auth/api-key'],
      },
      {
        value: 'oauth',
        label: 'OAuth (tokens of your identity provider)',
        layers: ['auth/bearer', 'auth/oauth'],
      },
      {
        value: 'none',
        label: 'None (only on this machine, or behind a gateway)',
        layers: ['auth/none'],
      },
    ],
    defaults: ['api-key'],
  },
  {
    id: 'store',
    kind: 'one',
    summary: 'where the cache and the rate limits live',
    question: 'Where should the cache and the rate limits live?',
    choices: [
      { value: 'memory', label: 'In memory (each instance has its own)', layers: ['store/memory'] },
      { value: 'redis', label: 'In Redis (shared by all instances)', layers: ['store/redis'] },
    ],
    defaults: ['memory'],
  },
  {
    id: 'provider',
    kind: 'one',
    summary: 'weather service',
    question: 'Weather service?',
    choices: [
      {
        value: 'openweathermap',
        label: 'OpenWeatherMap (needs a free API key)',
        layers: ['provider/openweathermap'],
      },
      { value: 'open-meteo', label: 'Open-Meteo (needs no API key)', layers: ['provider/open-meteo'] },
    ],
    defaults: ['openweathermap'],
  },
  {
    id: 'sse',
    kind: 'switch',
    summary: 'also serve the HTTP+SSE transport of 2024-11-05',
    question: 'Also serve the HTTP+SSE transport of 2024-11-05?',
    choices: [
      { value: 'off', label: 'No', layers: [] },
      { value: 'on', label: 'Yes', layers: ['sse'] },
    ],
    defaults: ['off'],
  },
  {
    id: 'observability',
    kind: 'one',
    summary: 'observability beyond logs',
    question: 'Observability?',
    choices: [
      {
        value: 'none',
        label: 'Logs only (your platform collects logs, metrics and alerts)',
        layers: ['observability/none'],
      },
      {
        value: 'basic',
        label: 'Basic (metrics, alerts and traces; your platform collects the logs)',
        layers: ['observability/basic', 'observability/platform-logs'],
      },
      {
        value: 'full',
        label: 'Full (also log collection and a dashboard)',
        layers: ['observability/basic', 'observability/full'],
      },
    ],
    defaults: ['basic'],
  },
  {
    id: 'deploy',
    kind: 'several',
    summary: 'deployment targets, separated by commas',
    question: 'Deployment targets?',
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
    summary: 'CI pipeline',
    question: 'CI pipeline?',
    choices: [
      { value: 'github', label: 'GitHub Actions', layers: ['ci/github'] },
      { value: 'gitlab', label: 'GitLab CI/CD', layers: ['ci/gitlab'] },
      { value: 'none', label: 'None', layers: [] },
    ],
    defaults: ['github'],
  },
  {
    id: 'package-manager',
    kind: 'one',
    summary: 'package manager',
    question: 'Package manager?',
    choices: [
      { value: 'npm', label: 'npm', layers: ['package-manager/npm'] },
      { value: 'pnpm', label: 'pnpm', layers: ['package-manager/pnpm'] },
      { value: 'yarn', label: 'Yarn 4', layers: ['package-manager/yarn'] },
      { value: 'bun', label: 'Bun', layers: ['package-manager/bun'] },
    ],
    defaults: ['npm'],
  },
];

/** A template folder for a combination of choices. */
export interface Combination {
  layer: string;
  /** By option id: one of these values must be chosen. */
  needs: Readonly<Record<string, readonly string[]>>;
}

/** Applied after the folders of the single choices, in this order. */
export const combinations: readonly Combination[] = [
  { layer: 'combined/memory+kubernetes', needs: { store: ['memory'], deploy: ['kubernetes'] } },
  { layer: 'combined/redis+compose', needs: { store: ['redis'], deploy: ['compose'] } },
  { layer: 'combined/redis+kubernetes', needs: { store: ['redis'], deploy: ['kubernetes'] } },
  { layer: 'combined/redis+fly', needs: { store: ['redis'], deploy: ['fly'] } },
  { layer: 'combined/redis+render', needs: { store: ['redis'], deploy: ['render'] } },
  { layer: 'combined/redis+systemd', needs: { store: ['redis'], deploy: ['systemd'] } },
  { layer: 'combined/redis+basic', needs: { store: ['redis'], observability: ['basic', 'full'] } },
  { layer: 'combined/oauth+nginx', needs: { auth: ['oauth'], deploy: ['compose', 'systemd'] } },
  { layer: 'combined/oauth+kubernetes', needs: { auth: ['oauth'], deploy: ['kubernetes'] } },
  { layer: 'combined/oauth+render', needs: { auth: ['oauth'], deploy: ['render'] } },
  { layer: 'combined/api-key+kubernetes', needs: { auth: ['api-key'], deploy: ['kubernetes'] } },
  {
    layer: 'combined/openweathermap+kubernetes',
    needs: { provider: ['openweathermap'], deploy: ['kubernetes'] },
  },
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
  // If compose.yaml uses third-party images.
  {
    layer: 'combined/compose-images+github',
    needs: { store: ['redis'], deploy: ['compose'], ci: ['github'] },
  },
  {
    layer: 'combined/compose-images+github',
    needs: { observability: ['full'], deploy: ['compose'], ci: ['github'] },
  },
  { layer: 'combined/full+compose', needs: { observability: ['full'], deploy: ['compose'] } },
  { layer: 'combined/full+kubernetes', needs: { observability: ['full'], deploy: ['kubernetes'] } },
];
