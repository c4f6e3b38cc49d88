import path from 'node:path';

interface Description {
  kind: string;
  name: RegExp;
  /** What the file must contain, where the name is not enough. */
  content?: RegExp | ((text: string) => boolean);
}

/** Whether a document of a YAML file is a Kubernetes object. Backstage's catalog has the same fields. */
function isManifest(text: string): boolean {
  return text
    .split(/^---/m)
    .some(
      (document) =>
        /^apiVersion:[ \t]*["']?(?!backstage\.io\/)\w/m.test(document) && /^kind:[ \t]*\S/m.test(document),
    );
}

/** The first that matches is the file's kind. */
const descriptions: Description[] = [
  { kind: 'Helm chart', name: /(?:^|\/)Chart\.ya?ml$/ },
  { kind: 'Kustomization', name: /(?:^|\/)kustomization(?:\.ya?ml)?$/i },
  { kind: 'Swarm stack', name: /(?:^|\/)(?:docker-)?stack\.ya?ml$/, content: /^services:/m },
  { kind: 'systemd unit', name: /\.service$/, content: /^[ \t]*\[Service\][ \t\r]*$/m },
  { kind: 'Fly.io app', name: /(?:^|\/)fly(?:\.[\w-]+)?\.toml$/ },
  { kind: 'Render blueprint', name: /(?:^|\/)render\.ya?ml$/ },
  { kind: 'Procfile', name: /(?:^|\/)Procfile(?:\.[\w-]+)?$/ },
  { kind: 'PM2 ecosystem file', name: /(?:^|\/)(?:[\w-]+\.)?ecosystem\.config\.(?:[cm]?[jt]s|json|ya?ml)$/ },
  {
    kind: 'PM2 ecosystem file',
    name: /(?:^|\/)(?:pm2|ecosystem)\.(?:json|ya?ml)$/,
    content: /\bapps["']?\s*:/,
  },
  { kind: 'Serverless Framework service', name: /(?:^|\/)serverless\.(?:ya?ml|[jt]s|json)$/ },
  { kind: 'Railway configuration', name: /(?:^|\/)railway\.(?:json|toml)$/ },
  { kind: 'Nixpacks configuration', name: /(?:^|\/)nixpacks\.(?:json|toml)$/ },
  { kind: 'DigitalOcean app spec', name: /(?:^|\/)\.do\/(?:app|deploy\.template)\.ya?ml$/ },
  { kind: 'Kubernetes manifest', name: /\.ya?ml$/i, content: isManifest },
  { kind: 'App Engine configuration', name: /(?:^|\/)app\.ya?ml$/, content: /^(?:runtime|env):[ \t]*\S/m },
  {
    kind: 'ECS task definition',
    name: /(?:^|\/)(?=[^/]*\.json$)[^/]*?(?:task|ecs|container)/i,
    content: /"containerDefinitions"\s*:\s*\[/,
  },
];

/** Whether a file may be a deployment description, by its name. */
export const mayDescribeDeployment = (file: string): boolean =>
  descriptions.some(({ name }) => name.test(file));

/**
 * The kind of a deployment description; undefined for other files.
 *
 * @param file relative to the project's directory
 * @param text its content
 */
export function describeDeployment(file: string, text: string): string | undefined {
  const fits = ({ content }: Description) =>
    content === undefined || (typeof content === 'function' ? content(text) : content.test(text));
  return descriptions.find((description) => description.name.test(file) && fits(description))?.kind;
}

/** The descriptions without files within a Helm chart. */
export function withoutChartParts<T extends { file: string; kind: string }>(found: T[]): T[] {
  const charts = found
    .filter(({ kind }) => kind === 'Helm chart')
    .map(({ file }) => (path.posix.dirname(file) === '.' ? 'templates/' : `${path.posix.dirname(file)}/`));
  return found.filter(
    ({ file, kind }) => kind === 'Helm chart' || !charts.some((directory) => file.startsWith(directory)),
  );
}
