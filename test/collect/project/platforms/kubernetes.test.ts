import { describe, expect, it } from 'vitest';
import { noSecrets } from '../../../../src/collect/project/secrets/literal-secrets.ts';
import { fakes, shown, workloadOf, workloadsOf } from '../support.ts';

/** As people write them: comments, an anchor, odd quoting, several documents. */
const manifest = `# Source: weather/templates/service.yaml
apiVersion: v1
kind: Service
metadata: {name: weather, annotations: {}}
spec:
  selector: {app: weather}
  sessionAffinity: "ClientIP"
  ports: [{port: 80, targetPort: http}]
---
# Source: weather/templates/deployment.yaml
apiVersion: "apps/v1"
kind: Deployment
metadata:
  name: 'weather'
  labels: &labels
    app: weather
spec:
  replicas: 3
  selector: {matchLabels: *labels}
  template:
    metadata:
      labels:
        <<: *labels
        tier: web
    spec:
      terminationGracePeriodSeconds: 45
      securityContext: {runAsUser: 1000, runAsNonRoot: true}
      initContainers: [{name: init, image: busybox}]
      containers:
        - name: weather
          image: ghcr.io/example/weather:1.2.3
          command: [node]
          args:
            - dist/index.js
          env:
            - {name: PORT, value: "3000"}
            - {name: MCP_API_KEY, valueFrom: {secretKeyRef: {name: weather, key: token}}}
          ports:
            - {name: http, containerPort: 3000}
          readinessProbe:
            httpGet:
              path: /readyz
              port: http
            periodSeconds: 5
          livenessProbe: {exec: {command: [wget, -qO-, "http://localhost:3000/livez"]}}
          startupProbe: {tcpSocket: {port: 3000}}
          resources: {limits: {memory: 512Mi, cpu: 1}}
          securityContext:
            allowPrivilegeEscalation: false
            runAsUser: 1001
            capabilities: {drop: ["ALL"]}
---
`;

const deployment = (spec: string, name = 'weather', kind = 'Deployment') => `apiVersion: apps/v1
kind: ${kind}
metadata: {name: ${name}}
spec:
  template:
    metadata: {labels: {app: ${name}}}
    spec: ${spec}
`;
const plain = deployment('{containers: [{name: app, image: a}]}');

describe('a Deployment', () => {
  it('is read with all that the rows ask for', async () => {
    const workload = await workloadOf({ 'k8s/all.yaml': manifest });
    expect(workload).toMatchObject({
      platform: 'kubernetes',
      kind: 'Deployment',
      name: 'weather',
      container: 'weather',
      at: { file: 'k8s/all.yaml', line: 11 },
      capDrop: ['ALL'],
      environment: [{ name: 'PORT', value: { value: '3000' } }],
    });
    const { user, nonRoot, noNewPrivileges, replicas, memoryLimit, cpuLimit, stopSeconds, image } = workload;
    expect(
      [user, nonRoot, noNewPrivileges, replicas, memoryLimit, cpuLimit, stopSeconds, image].map(shown),
    ).toEqual([...['1001', true, true, '3', '512Mi', '1', '45', 'ghcr.io/example/weather:1.2.3']]);
    expect(shown(workload.command)).toBe('node dist/index.js');
    expect(shown(workload.affinity)).toBe('sessionAffinity: ClientIP');
    expect(workload.ports.map(shown)).toEqual(['3000']);
    expect(workload.memoryLimit?.at).toEqual({ file: 'k8s/all.yaml', line: 47 });
  });

  it('has its probes with the paths they ask', async () => {
    const { healthchecks } = await workloadOf({ 'k8s/all.yaml': manifest });
    expect(healthchecks.map(({ purpose, urls, command }) => [purpose, urls[0] ?? command])).toEqual([
      ['liveness', 'http://localhost:3000/livez'],
      ['readiness', 'http://127.0.0.1:3000/readyz'],
      ['startup', 'tcpSocket 3000'],
    ]);
    expect(healthchecks[1]).toMatchObject({ intervalSeconds: 5, at: { line: 42 } });
  });

  it('may have several containers, and stand in a List with others', async () => {
    const spec = '{containers: [{name: app, image: a}, {name: log, image: fluent/fluent-bit}]}';
    const items = `apiVersion: v1\nkind: List\nitems:\n- ${deployment(spec).replaceAll('\n', '\n  ')}`;
    const { workloads } = await workloadsOf({ 'list.yaml': items });
    expect(workloads.map(({ container }) => container)).toEqual(['app', 'log']);
  });

  it('takes the number of replicas from its autoscaler, and affinity from its ingress', async () => {
    const beside = `---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: x}
spec: {scaleTargetRef: {kind: Deployment, name: weather}, minReplicas: 1, maxReplicas: 8}
---
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {selector: {app: weather}}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: i, annotations: {nginx.ingress.kubernetes.io/affinity: cookie}}
spec: {rules: [{http: {paths: [{backend: {service: {name: web, port: {number: 80}}}}]}}]}
`;
    const workload = await workloadOf({ 'a.yaml': plain, 'b.yaml': beside });
    expect(shown(workload.replicas)).toBe('8');
    expect(shown(workload.affinity)).toBe('nginx.ingress.kubernetes.io/affinity: cookie');
  });
});

describe('what is no server, or not known to be one', () => {
  it.each([
    ['a Job', deployment('{containers: [{name: a, image: a}]}', 'x', 'Job')],
    [
      'a CronJob',
      'apiVersion: batch/v1\nkind: CronJob\nmetadata: {name: x}\nspec: {schedule: "* * * * *"}\n',
    ],
    ['a ConfigMap', 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\ndata: {a: b}\n'],
    [
      'a Helm hook',
      'apiVersion: v1\nkind: Pod\nmetadata: {name: t, annotations: {helm.sh/hook: test}}\nspec: {containers: [{name: a, image: a}]}\n',
    ],
  ])('%s is read and is none', async (_, text) => {
    expect(await workloadsOf({ 'a.yaml': text })).toEqual({ workloads: [], unread: [], notices: [] });
  });

  it.each([
    [
      'a template',
      deployment('{containers: [{name: a, image: "{{ .Values.image }}"}]}'),
      'the file is a template',
    ],
    ['a bare template', plain.replace('image: a', 'image: {{ .Values.image }}'), 'a key is not a plain text'],
    [
      'a part of one',
      deployment('{containers: [{name: a}]}'),
      'Deployment weather lacks a container or its image',
    ],
    ['a kind of somebody else’s', plain.replace('kind: Deployment', 'kind: Rollout'), 'unknown kind Rollout'],
    ['a broken one', `${plain}  bad: [`, 'line'],
  ])('%s stays unread, with a notice', async (_, text, reason) => {
    const { workloads, unread, notices } = await workloadsOf({ 'a.yaml': text });
    expect(workloads).toEqual([]);
    expect(unread).toEqual([{ file: 'a.yaml', kind: 'Kubernetes manifest' }]);
    expect(notices).toEqual([expect.stringContaining(reason)]);
  });

  it('is a chart that is not rendered', async () => {
    const { workloads, unread } = await workloadsOf({
      'chart/Chart.yaml': 'name: x',
      'chart/templates/deployment.yaml': plain,
    });
    expect([workloads, unread]).toEqual([[], [{ file: 'chart/Chart.yaml', kind: 'Helm chart' }]]);
  });
});

describe('kustomize', () => {
  const base = { 'base/kustomization.yaml': 'resources: [deployment.yaml]\n', 'base/deployment.yaml': plain };
  const patch = `apiVersion: apps/v1
kind: Deployment
metadata: {name: weather}
spec:
  replicas: 4
  template:
    spec:
      containers:
        - name: app
          resources: {limits: {memory: 1Gi}}
`;

  it('gives a base as it is when nothing builds on it', async () => {
    expect(await workloadOf(base)).toMatchObject({
      name: 'weather',
      kustomization: 'base/kustomization.yaml',
    });
  });

  it.each([
    ['patches: [{path: patch.yaml}]'],
    ['patchesStrategicMerge: [patch.yaml]'],
    ['patches: [{path: patch.yaml, target: {kind: Deployment, name: weather}}]'],
  ])('lays a patch over its base, and judges neither alone: %s', async (line) => {
    const workload = await workloadOf({
      ...base,
      'overlays/prod/kustomization.yaml': `resources: [../../base]\n${line}\n`,
      'overlays/prod/patch.yaml': patch,
    });
    expect([workload.memoryLimit, workload.replicas].map(shown)).toEqual(['1Gi', '4']);
    expect(workload.memoryLimit?.at.file).toBe('overlays/prod/patch.yaml');
    expect(workload.kustomization).toBe('overlays/prod/kustomization.yaml');
    expect(shown(workload.image)).toBe('a');
  });

  it('gives each overlay its own', async () => {
    const overlay = (count: number) =>
      `resources: [../../base]\nreplicas: [{name: weather, count: ${count}}]\n`;
    const { workloads } = await workloadsOf({
      ...base,
      'overlays/prod/kustomization.yaml': overlay(3),
      'overlays/staging/kustomization.yml': overlay(1),
    });
    expect(workloads.map(({ kustomization, replicas }) => [kustomization, shown(replicas)])).toEqual([
      ['overlays/prod/kustomization.yaml', '3'],
      ['overlays/staging/kustomization.yml', '1'],
    ]);
  });

  it('follows an inline patch, and a JSON patch of what rows do not ask', async () => {
    const inline = `resources: [../base]
patches:
  - patch: |-
      - {op: replace, path: /spec/replicas, value: 2}
    target: {kind: Deployment}
  - patch: |-
      kind: Deployment
      metadata: {name: weather}
      spec: {template: {spec: {terminationGracePeriodSeconds: 5}}}
`;
    const workload = await workloadOf({ ...base, 'prod/kustomization.yaml': inline });
    expect(shown(workload.stopSeconds)).toBe('5');
  });

  it.each([
    ['components: [../c]', 'the audit does not evaluate components'],
    ['patches: [{path: gone.yaml}]', 'prod/gone.yaml is not in the project'],
    [
      'patches: [{target: {labelSelector: a=b}, patch: "spec: {}"}]',
      'a patch selects objects by labels or annotations',
    ],
    [
      'patches: [{target: {kind: Deployment}, patch: "[{op: add, path: /spec/template/spec/x, value: 1}]"}]',
      'a JSON patch changes pods',
    ],
    [
      'patches: [{patch: "{kind: Deployment, metadata: {name: weather}, spec: {template: {$patch: delete}}}"}]',
      'a patch contains the directive $patch',
    ],
  ])('leaves out what only kustomize can follow: %s', async (line, reason) => {
    const { workloads, unread, notices } = await workloadsOf({
      ...base,
      'prod/kustomization.yaml': `resources: [../base]\n${line}\n`,
    });
    expect(workloads).toEqual([]);
    expect(unread).toEqual([{ file: 'prod/kustomization.yaml', kind: 'Kustomization' }]);
    expect(notices).toEqual([expect.stringContaining(reason)]);
  });

  it('may take itself', async () => {
    const { workloads } = await workloadsOf({
      'a/kustomization.yaml': 'resources: [../b]\n',
      'b/kustomization.yaml': 'resources: [../a]\n',
    });
    expect(workloads).toEqual([]);
  });
});

it('finds literal secrets in environments, in Secrets and in generators, and records no value', async () => {
  const secrets = noSecrets();
  const value = ['Zk3mQ9', 'rTzAbc'].join('');
  const encoded = Buffer.from(`${value}2`).toString('base64');
  const seen = await workloadsOf(
    {
      'a.yaml': deployment(`{containers: [{name: a, image: a, env: [{name: API_KEY, value: ${value}}]}]}`),
      'b.yaml': `apiVersion: v1\nkind: Secret\nmetadata: {name: s}\nstringData:\n  MCP_TOKEN: ${value}1\ndata:\n  DB_PASSWORD: ${encoded}\n  OTHER_TOKEN: <base64>\n`,
      'c/kustomization.yaml': `secretGenerator:\n- name: x\n  literals:\n  - AUTH_TOKEN=${value}3\n# ${fakes.github}\n`,
    },
    secrets,
  );
  expect(secrets.found.map(({ name, at: { file } }) => [name, file])).toEqual([
    ['MCP_TOKEN', 'b.yaml'],
    ['DB_PASSWORD', 'b.yaml'],
    ['AUTH_TOKEN', 'c/kustomization.yaml'],
    ['API_KEY', 'a.yaml'],
    ['', 'c/kustomization.yaml'],
  ]);
  expect(JSON.stringify(seen)).not.toContain(value);
});
