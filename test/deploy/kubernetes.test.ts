import { readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { type Choices, change, generate, lacks, run, slug, temporaryFolder } from './support.ts';

interface Manifest {
  apiVersion: string;
  kind: string;
  metadata: { name: string; labels?: Record<string, string>; annotations?: Record<string, string> };
  spec: Record<string, unknown>;
}

const root = fileURLToPath(new URL('../../', import.meta.url));
const folder = 'deploy/kubernetes';

/** Where kubernetes-models, which is made from the API's own OpenAPI documents, has a kind. */
const models: Record<string, string> = {
  ConfigMap: 'v1/ConfigMap',
  Deployment: 'apps/v1/Deployment',
  HorizontalPodAutoscaler: 'autoscaling/v2/HorizontalPodAutoscaler',
  Ingress: 'networking.k8s.io/v1/Ingress',
  NetworkPolicy: 'networking.k8s.io/v1/NetworkPolicy',
  PodDisruptionBudget: 'policy/v1/PodDisruptionBudget',
  Service: 'v1/Service',
};

/** What `kubectl apply -k` would send, and the examples beside it. */
async function manifestsOf(project: string): Promise<Manifest[]> {
  const { exitCode, output } = await run('kubectl', ['kustomize', join(project, folder)]);
  expect(exitCode, output).toBe(0);
  const applied = parseAllDocuments(output).map((document) => document.toJS() as Manifest);
  const files = (await readdir(join(project, folder))).filter((file) => file.endsWith('.example.yaml'));
  const examples = await Promise.all(
    files.map(async (file) => parse(await readFile(join(project, folder, file), 'utf8')) as Manifest),
  );
  return [...applied, ...examples];
}

/** What the API's schemas have against values: wrong types, missing fields, bad formats. Unknown fields pass here. */
async function invalidValues(manifests: readonly Manifest[]): Promise<string[]> {
  const complaints: string[] = [];
  for (const manifest of manifests) {
    const model = models[manifest.kind];
    if (model === undefined) throw new Error(`No schema for ${manifest.kind}`);
    const kinds: Record<string, new (data: Manifest) => { validate(): void }> = await import(
      `${root}node_modules/kubernetes-models/${model}.mjs`
    );
    const Kind = kinds[manifest.kind];
    if (Kind === undefined) throw new Error(`No model for ${manifest.kind}`);
    try {
      new Kind(manifest).validate();
    } catch (error) {
      complaints.push(`${manifest.kind}: ${(error as Error).message}`);
    }
  }
  return complaints;
}

/** What the compiler has against fields: as literals of the API's types, unknown ones are errors. */
async function unknownFields(manifests: readonly Manifest[]): Promise<string> {
  const place = await temporaryFolder();
  await symlink(join(root, 'node_modules'), join(place, 'node_modules'));
  const lines = manifests.map(
    (manifest, index) =>
      `import type { I${manifest.kind} as T${index} } from 'kubernetes-models/${models[manifest.kind]}';\n` +
      `export const m${index}: T${index} = ${JSON.stringify(manifest)};\n`,
  );
  await writeFile(join(place, 'manifests.ts'), lines.join(''));
  const words = [
    ...['--ignoreConfig', '--noEmit', '--strict', '--skipLibCheck', '--types', ''],
    ...['--module', 'nodenext', '--target', 'es2023', 'manifests.ts'],
  ];
  return (await run(join(root, 'node_modules/.bin/tsc'), words, { cwd: place })).output;
}

async function check(project: string): Promise<string> {
  const manifests = await manifestsOf(project);
  return [...(await invalidValues(manifests)), await unknownFields(manifests)].join('\n').trim();
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

  test('hold no secret', async () => {
    const text = JSON.stringify(await generated({ store: 'redis', auth: 'oauth' }));
    expect(text).not.toMatch(/"kind":"Secret"|API_KEY|REDIS_URL|abab/);
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
        .filter(({ kind }) => kind === 'Ingress')
        .flatMap(({ spec }) => spec.rules as { http: { paths: { path: string }[] } }[])
        .flatMap(({ http }) => http.paths.map(({ path }) => path))
        .sort();
    expect(await paths({})).toEqual(['/mcp']);
    expect(await paths({ auth: 'oauth', sse: 'on' })).toEqual([
      '/.well-known/oauth-protected-resource',
      '/mcp',
      '/messages',
      '/sse',
    ]);
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
});

interface Pod {
  terminationGracePeriodSeconds: number;
  containers: { lifecycle: { preStop: { sleep: { seconds: number } } } }[];
}

function podOf(manifests: readonly Manifest[]): Pod {
  return (ofKind(manifests, 'Deployment').spec as { template: { spec: Pod } }).template.spec;
}
