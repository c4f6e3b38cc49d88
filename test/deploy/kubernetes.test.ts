import { copyFile, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { type Manifest, problemsOf } from './manifest-problems.ts';
import { type Choices, change, generate, lacks, run, slug } from './support.ts';

const folder = 'deploy/kubernetes';

/** What `kubectl apply -k` would send, and the examples beside it. */
async function manifestsOf(project: string): Promise<Manifest[]> {
  const { exitCode, output } = await run('kubectl', ['kustomize', join(project, folder)]);
  expect(exitCode, output).toBe(0);
  const applied = parseAllDocuments(output).map((document) => document.toJS() as Manifest);
  const files = (await readdir(join(project, folder))).filter((file) => file.endsWith('.example.yaml'));
  const examples = await Promise.all(files.map((file) => readFile(join(project, folder, file), 'utf8')));
  const documents = examples.flatMap((text) => parseAllDocuments(text).map((one) => one.toJS() as Manifest));
  return [...applied, ...documents];
}

async function check(project: string): Promise<string> {
  return problemsOf(await manifestsOf(project));
}

const ofKind = (manifests: readonly Manifest[], kind: string) => {
  const found = manifests.find((manifest) => manifest.kind === kind);
  if (found === undefined) throw new Error(`There is no ${kind}`);
  return found;
};

async function generated(choices: Choices = {}): Promise<Manifest[]> {
  return manifestsOf(await generate({ deploy: 'kubernetes', ...choices }));
}

describe.skipIf(lacks('kubectl', 'kubernetes-client'))('the Kubernetes manifests', () => {
  test.each<Choices>([
    {},
    { observability: 'none', auth: 'none', provider: 'open-meteo' },
    { store: 'redis', observability: 'full', sse: 'on', auth: 'oauth' },
  ])('%j: fit the schemas of the API, without unknown fields', async (choices) => {
    expect(await check(await generate({ deploy: 'kubernetes', ...choices }))).toBe('');
  });

  test('probe what restarts can mend, and route by readiness', async () => {
    const [container] = podOf(await generated()).containers;
    expect(container).toMatchObject({
      startupProbe: { httpGet: { path: '/livez', port: 'http' } },
      livenessProbe: { httpGet: { path: '/livez', port: 'http' } },
      readinessProbe: { httpGet: { path: '/readyz', port: 'http' } },
      ports: [{ name: 'http', containerPort: 3000 }],
      resources: { requests: { memory: expect.any(String) }, limits: { memory: '512Mi' } },
    });
  });

  test('run without any privilege', async () => {
    const pod = podOf(await generated());
    expect(pod).toMatchObject({
      automountServiceAccountToken: false,
      securityContext: { runAsNonRoot: true, runAsUser: 1000, seccompProfile: { type: 'RuntimeDefault' } },
      containers: [
        {
          securityContext: {
            allowPrivilegeEscalation: false,
            readOnlyRootFilesystem: true,
            capabilities: { drop: ['ALL'] },
          },
        },
      ],
    });
  });

  test('are killed only after the wait before the stop and the drain', async () => {
    const manifests = await generated();
    const pod = podOf(manifests);
    const { SHUTDOWN_TIMEOUT_MS } = (
      ofKind(manifests, 'ConfigMap') as unknown as { data: Record<string, string> }
    ).data;
    const wait = pod.containers[0]?.lifecycle.preStop.sleep.seconds ?? Number.NaN;
    const drain = Number(SHUTDOWN_TIMEOUT_MS) / 1000;
    expect(pod.terminationGracePeriodSeconds).toBeGreaterThan(wait + drain + 1);
  });

  test('belong together: selectors, ports, names and settings', async () => {
    const manifests = await generated();
    const deployment = ofKind(manifests, 'Deployment');
    const labels = { 'app.kubernetes.io/name': slug };
    expect(deployment.spec).toMatchObject({
      selector: { matchLabels: labels },
      template: { metadata: { labels } },
    });
    expect(ofKind(manifests, 'Service').spec).toMatchObject({
      selector: labels,
      ports: [{ targetPort: 'http' }],
    });
    expect(ofKind(manifests, 'PodDisruptionBudget').spec).toMatchObject({
      selector: { matchLabels: labels },
    });
    expect(ofKind(manifests, 'NetworkPolicy').spec).toMatchObject({ podSelector: { matchLabels: labels } });
    expect(ofKind(manifests, 'HorizontalPodAutoscaler').spec).toMatchObject({
      scaleTargetRef: { kind: 'Deployment', name: deployment.metadata.name },
    });
    expect(podOf(manifests).containers[0]).toMatchObject({
      name: slug,
      image: `${slug}:0.1.0`,
      envFrom: [
        // Kustomize follows the generated name, so that a changed setting rolls the pods.
        { configMapRef: { name: ofKind(manifests, 'ConfigMap').metadata.name } },
        { secretRef: { name: slug } },
      ],
    });
    expect(ofKind(manifests, 'ConfigMap').metadata.name).not.toBe(slug);
  });

  test('hold no secret, and nothing of the .env of this machine', async () => {
    const project = await generate({ deploy: 'kubernetes', store: 'redis', auth: 'oauth' });
    await writeFile(join(project, '.env'), 'OF_THIS_MACHINE=yes\n');
    const text = JSON.stringify(await manifestsOf(project));
    expect(text).not.toMatch(/"kind":"Secret"|API_KEY|REDIS_URL|OF_THIS_MACHINE|abab/);
  });

  test.each<[Choices, string[], string[]]>([
    [{}, ['ALLOWED_HOSTS', 'LOG_LEVEL', 'SHUTDOWN_TIMEOUT_MS'], ['MCP_API_KEY', 'OPENWEATHER_API_KEY']],
    [
      { auth: 'oauth', store: 'redis', provider: 'open-meteo' },
      ['ALLOWED_HOSTS', 'LOG_LEVEL', 'OAUTH_ISSUER', 'PUBLIC_URL', 'SHUTDOWN_TIMEOUT_MS'],
      ['REDIS_URL'],
    ],
    [
      { auth: 'none', provider: 'open-meteo', observability: 'none' },
      ['ALLOWED_HOSTS', 'LOG_LEVEL', 'SHUTDOWN_TIMEOUT_MS'],
      [],
    ],
  ])('%j: name what is to be set, and Git ignores the secrets', async (choices, settings, secrets) => {
    const project = await generate({ deploy: 'kubernetes', ...choices });
    const { data } = ofKind(await manifestsOf(project), 'ConfigMap') as unknown as { data: object };
    expect(Object.keys(data).sort()).toEqual(settings);

    const [example, own] = ['secret.example.env', 'secret.env'].map((file) => join(project, folder, file));
    await copyFile(`${example}`, `${own}`);
    const words = ['secret', 'generic', slug, `--from-env-file=${own}`, '--dry-run=client', '--output=json'];
    const { exitCode, output } = await run('kubectl', ['create', ...words]);
    expect(exitCode, output).toBe(0);
    expect(Object.keys(JSON.parse(output).data ?? {}).sort()).toEqual(secrets);
    await run('git', ['init', '--quiet'], { cwd: project });
    const { stdout } = await run('git', ['check-ignore', `${example}`, `${own}`], { cwd: project });
    expect(stdout).toBe(own);
  });

  test('allow the public names, and those of the service in any namespace', async () => {
    const manifests = await generated();
    const env = { ...(ofKind(manifests, 'ConfigMap') as unknown as { data: Record<string, string> }).data };
    // As the kubelet does: `env` after `envFrom`, each value from those before it.
    for (const { name, value, valueFrom } of podOf(manifests).containers[0]?.env ?? []) {
      if (valueFrom) expect(valueFrom).toEqual({ fieldRef: { fieldPath: 'metadata.namespace' } });
      env[name] = valueFrom
        ? 'team-a'
        : `${value}`.replace(/\$\((\w+)\)/g, (text, other) => env[other] ?? text);
    }
    const inside = ['', '.team-a', '.team-a.svc', '.team-a.svc.cluster.local'].map((end) => slug + end);
    expect(env.ALLOWED_HOSTS?.split(',')).toEqual(['weather.example.com', ...inside]);
    expect(ofKind(manifests, 'Service').metadata.name).toBe(slug);
  });

  test('open only what the choices need', async () => {
    const egress = async (choices: Choices) =>
      (
        ofKind(await generated(choices), 'NetworkPolicy').spec.egress as { ports: { port: number }[] }[]
      ).flatMap(({ ports }) => ports.map(({ port }) => port));
    expect(await egress({ observability: 'none' })).toEqual([53, 53, 443]);
    expect(await egress({ store: 'redis' })).toEqual([53, 53, 443, 6379, 4318]);
  });

  test('let clients in at every path that they ask for', async () => {
    const paths = async (choices: Choices) =>
      (await generated(choices))
        .filter(({ kind }) => kind === 'HTTPRoute')
        .flatMap(({ spec }) => spec.rules as { matches: { path: { value: string } }[] }[])
        .flatMap(({ matches }) => matches.map(({ path }) => path.value))
        .sort();
    expect(await paths({})).toEqual(['/mcp']);
    expect(await paths({ auth: 'oauth', sse: 'on' })).toEqual([
      '/.well-known/oauth-protected-resource',
      '/mcp',
      '/messages',
      '/sse',
    ]);
  });

  test('let event streams stay open, and lead to the service', async () => {
    const manifests = await generated({ auth: 'oauth', sse: 'on' });
    const { metadata, spec } = ofKind(manifests, 'Service');
    const [{ port } = { port: 0 }] = spec.ports as { port: number }[];
    const routes = manifests.filter(({ kind }) => kind === 'HTTPRoute');
    expect(routes).toHaveLength(2);
    for (const rule of routes.flatMap((route) => route.spec.rules as Rule[])) {
      expect(rule.backendRefs).toEqual([{ name: metadata.name, port }]);
      const isDocument = rule.matches.some(({ path }) => path.value.startsWith('/.well-known/'));
      expect(rule.timeouts).toEqual(isDocument ? undefined : { request: '0s' });
    }
    const targets = ofKind(manifests, 'BackendTrafficPolicy').spec.targetRefs as { name: string }[];
    expect(targets.map(({ name }) => name)).toEqual([`${slug}-sse`]);
    expect(routes.map((route) => route.metadata.name).sort()).toEqual([slug, `${slug}-sse`]);
  });

  test('point Prometheus at /metrics only where there is one, and keep SSE clients with a pod', async () => {
    const annotations = async (choices: Choices) =>
      (ofKind(await generated(choices), 'Deployment').spec as { template: Manifest }).template.metadata
        .annotations;
    expect(await annotations({})).toMatchObject({ 'prometheus.io/path': '/metrics' });
    expect(await annotations({ observability: 'none' })).toBeUndefined();
    expect(ofKind(await generated(), 'Service').spec).not.toHaveProperty('sessionAffinity');
    expect(ofKind(await generated({ sse: 'on' }), 'Service').spec).toMatchObject({
      sessionAffinity: 'ClientIP',
    });
  });

  test('give Grafana the dashboard of this project, under its name and label', async () => {
    const dashboards = async (choices: Choices) =>
      (await generated(choices)).filter(({ metadata }) => metadata.labels?.grafana_dashboard !== undefined);
    const [map, ...others] = await dashboards({ observability: 'full' });
    expect(others).toEqual([]);
    expect(map).toMatchObject({
      kind: 'ConfigMap',
      metadata: { name: `${slug}-dashboard`, labels: { grafana_dashboard: '1' } },
    });
    const { data } = map as unknown as { data: Record<string, string> };
    expect(Object.keys(data)).toEqual([`${slug}.json`]);
    expect(JSON.parse(data[`${slug}.json`] ?? '')).toMatchObject({ uid: slug, panels: expect.any(Array) });
    expect(await dashboards({})).toEqual([]);
  });

  test.each([
    ['an unknown field', 'readinessProbe:', 'readynessProbe:', /readynessProbe/],
    [
      'a field at the wrong place',
      'automountServiceAccountToken: false',
      'runAsNonRoot: true',
      /runAsNonRoot/,
    ],
    ['a wrong type', 'failureThreshold: 15', 'failureThreshold: often', /failureThreshold/],
    ['a missing field', 'containerPort: 3000', 'hostIP: 127.0.0.1', /containerPort/],
    ['an impossible quantity', 'memory: 512Mi', 'memory: 512 megs', /memory|quantity/i],
  ])('%s is noticed', async (_what, from, to, complaint) => {
    const project = await generate({ deploy: 'kubernetes' });
    await change(project, `${folder}/deployment.yaml`, from, to);
    expect(await check(project)).toMatch(complaint);
  });

  test.each([
    ['an unknown field', 'sectionName: https', 'sectionname: https', /sectionname/],
    ['a wrong duration', 'request: 0s', 'request: 0', /request/],
    ['an unknown match', 'type: Exact', 'type: Equal', /matches/],
    ['another port than that of the service', 'port: 80', 'port: 3000', /port/],
  ])('%s in a route is noticed', async (_what, from, to, complaint) => {
    const project = await generate({ deploy: 'kubernetes' });
    await change(project, `${folder}/httproute.example.yaml`, from, to);
    expect(await check(project)).toMatch(complaint);
  });
});

interface Rule {
  matches: { path: { value: string } }[];
  timeouts?: Record<string, string>;
  backendRefs: unknown;
}

interface Pod {
  terminationGracePeriodSeconds: number;
  containers: {
    env: { name: string; value?: string; valueFrom?: unknown }[];
    lifecycle: { preStop: { sleep: { seconds: number } } };
  }[];
}

function podOf(manifests: readonly Manifest[]): Pod {
  return (ofKind(manifests, 'Deployment').spec as { template: { spec: Pod } }).template.spec;
}
