import { expect, it } from 'vitest';
import {
  describeDeployment,
  mayDescribeDeployment,
  withoutChartParts,
} from '../../../../src/collect/project/platforms/descriptions.ts';

it.each([
  ['k8s/deployment.yaml', 'apiVersion: apps/v1\nkind: Deployment\n', 'Kubernetes manifest'],
  ['k8s/all.yml', 'a: b\n---\nkind: Service\napiVersion: v1\n', 'Kubernetes manifest'],
  ['k8s/values.yaml', 'kind: x\n', undefined],
  ['catalog-info.yaml', 'apiVersion: backstage.io/v1alpha1\nkind: Component\n', undefined],
  ['k8s/split.yaml', 'kind: x\n---\napiVersion: v1\n', undefined],
  ['docker-stack.yml', 'version: "3"\nservices:\n', 'Swarm stack'],
  ['stack.yaml', 'resolver: lts-22.7\n', undefined],
  ['chart/Chart.yaml', '', 'Helm chart'],
  ['kustomization.yaml', '', 'Kustomization'],
  ['deploy/mcp.service', '[Unit]\n[Service]\nExecStart=/a\n', 'systemd unit'],
  ['weather.service', 'nothing of it', undefined],
  ['fly.toml', '', 'Fly.io app'],
  ['fly.staging.toml', '', 'Fly.io app'],
  ['render.yaml', '', 'Render blueprint'],
  ['Procfile', '', 'Procfile'],
  ['ecosystem.config.cjs', '', 'PM2 ecosystem file'],
  ['pm2.json', '{"apps": []}', 'PM2 ecosystem file'],
  ['app.yaml', 'runtime: nodejs20\n', 'App Engine configuration'],
  ['app.yaml', 'apiVersion: v1\nkind: Pod\n', 'Kubernetes manifest'],
  ['app.yaml', 'title: x\n', undefined],
  ['.do/app.yaml', '', 'DigitalOcean app spec'],
  ['serverless.yml', '', 'Serverless Framework service'],
  ['railway.json', '', 'Railway configuration'],
  ['nixpacks.toml', '', 'Nixpacks configuration'],
  ['ecs/task-definition.json', '{"containerDefinitions": []}', 'ECS task definition'],
  ['tasks.json', '{"tasks": []}', undefined],
  ['package.json', '{}', undefined],
  ['src/user.service.ts', '', undefined],
])('%s is recognised by its name and content', (file, text, kind) => {
  expect(describeDeployment(file, text)).toBe(kind);
  if (kind !== undefined) expect(mayDescribeDeployment(file)).toBe(true);
});

it('counts a chart once', () => {
  const found = [
    { file: 'charts/mcp/Chart.yaml', kind: 'Helm chart' },
    { file: 'charts/mcp/templates/deployment.yaml', kind: 'Kubernetes manifest' },
    { file: 'k8s/a.yaml', kind: 'Kubernetes manifest' },
  ];
  expect(withoutChartParts(found).map(({ file }) => file)).toEqual(['charts/mcp/Chart.yaml', 'k8s/a.yaml']);
});

it('ends in bounded time', () => {
  const started = performance.now();
  describeDeployment('a.yaml', 'apiVersion: v1\n'.repeat(60_000));
  describeDeployment('a.service', '\n'.repeat(900_000));
  expect(performance.now() - started).toBeLessThan(2_000);
});
