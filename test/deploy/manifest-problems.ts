import { symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Ajv } from 'ajv';
import { run, temporaryFolder } from './support.ts';

export interface Manifest {
  apiVersion: string;
  kind: string;
  metadata: { name: string; labels?: Record<string, string>; annotations?: Record<string, string> };
  spec: Record<string, unknown>;
}

const root = fileURLToPath(new URL('../../', import.meta.url));

/** Where kubernetes-models, which is made from the API's own OpenAPI documents, has a kind. */
const models: Record<string, string> = {
  ConfigMap: 'v1/ConfigMap',
  Deployment: 'apps/v1/Deployment',
  HorizontalPodAutoscaler: 'autoscaling/v2/HorizontalPodAutoscaler',
  NetworkPolicy: 'networking.k8s.io/v1/NetworkPolicy',
  PodDisruptionBudget: 'policy/v1/PodDisruptionBudget',
  Service: 'v1/Service',
};

/** An object of these properties, all of them required, and no others. */
const exactly = (properties: Record<string, unknown>) =>
  ({ type: 'object', properties, required: Object.keys(properties), additionalProperties: false }) as const;

const listOf = (items: unknown) => ({ type: 'array', items, minItems: 1 }) as const;

const label = { type: 'string', pattern: '^[a-z0-9]([-a-z0-9]*[a-z0-9])?$' } as const;

const routeRule = {
  matches: listOf(
    exactly({
      path: exactly({ type: { enum: ['Exact', 'PathPrefix'] }, value: { type: 'string', pattern: '^/' } }),
    }),
  ),
  backendRefs: listOf(exactly({ name: label, port: { const: 80 } })),
};

/** The part that is used of https://gateway-api.sigs.k8s.io/reference/spec/ and of the policies of Envoy Gateway. */
const schemas: Record<string, object> = {
  HTTPRoute: exactly({
    apiVersion: { const: 'gateway.networking.k8s.io/v1' },
    kind: { const: 'HTTPRoute' },
    metadata: exactly({ name: label }),
    spec: exactly({
      parentRefs: listOf(exactly({ name: label, namespace: label, sectionName: label })),
      hostnames: listOf({ type: 'string', pattern: '^[a-z0-9-]+(\\.[a-z0-9-]+)+$' }),
      rules: listOf({
        ...exactly({
          ...routeRule,
          timeouts: exactly({ request: { type: 'string', pattern: '^([0-9]{1,5}(h|m|s|ms)){1,4}$' } }),
        }),
        required: Object.keys(routeRule),
      }),
    }),
  }),
  BackendTrafficPolicy: exactly({
    apiVersion: { const: 'gateway.envoyproxy.io/v1alpha1' },
    kind: { const: 'BackendTrafficPolicy' },
    metadata: exactly({ name: label }),
    spec: exactly({
      targetRefs: listOf(
        exactly({ group: { const: 'gateway.networking.k8s.io' }, kind: { const: 'HTTPRoute' }, name: label }),
      ),
      loadBalancer: exactly({
        type: { const: 'ConsistentHash' },
        consistentHash: exactly({ type: { enum: ['SourceIP', 'Header', 'Cookie'] } }),
      }),
    }),
  }),
};

/** What the API's schemas have against values: wrong types, missing fields, bad formats. Unknown fields pass here. */
async function invalidValues(manifests: readonly Manifest[]): Promise<string[]> {
  const complaints: string[] = [];
  for (const manifest of manifests) {
    const model = models[manifest.kind];
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

/** What the schemas above have against the objects of gateways. */
function invalidRoutes(manifests: readonly Manifest[]): string[] {
  const ajv = new Ajv({ allErrors: true, strict: true });
  return manifests.flatMap((manifest) => {
    if (ajv.validate(schemas[manifest.kind] ?? false, manifest)) return [];
    return (ajv.errors ?? []).map(
      ({ instancePath, message, params }) =>
        `${manifest.kind}${instancePath} ${message} ${JSON.stringify(params)}`,
    );
  });
}

/** What is wrong with Kubernetes objects, one line each; empty when nothing is. */
export async function problemsOf(manifests: readonly Manifest[]): Promise<string> {
  const ofCluster = manifests.filter(({ kind }) => kind in models);
  const ofGateway = manifests.filter(({ kind }) => !(kind in models));
  return [...(await invalidValues(ofCluster)), await unknownFields(ofCluster), ...invalidRoutes(ofGateway)]
    .join('\n')
    .trim();
}
