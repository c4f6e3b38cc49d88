import validate from 'validate-npm-package-name';
import { ScaffoldProblem } from './problem.ts';

/** Why npm does not accept this name for a new package, in npm's words; undefined if it does. */
export function nameProblem(name: string): string | undefined {
  const result = validate(name);
  if (result.validForNewPackages) return undefined;
  return (result.errors ?? result.warnings ?? ['npm does not accept it'])[0];
}

/** The closest name that npm accepts; undefined if there is none. */
export function suggestName(name: string): string | undefined {
  const slug = name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/\p{M}+/gu, '')
    .replace(/[^a-z0-9._]+/g, '-')
    .replace(/^[._-]+|(?<![._-])[._-]+$/g, '')
    .slice(0, 100);
  return [slug, `${slug}-server`].find((candidate) => slug !== '' && nameProblem(candidate) === undefined);
}

/** @throws ScaffoldProblem (usage) with npm's reason and a valid name */
export function requireValidName(name: string): void {
  const problem = nameProblem(name);
  if (problem === undefined) return;
  const suggestion = suggestName(name) ?? 'weather-mcp-server';
  throw new ScaffoldProblem(
    `"${name}" is not a valid package name: ${problem}.`,
    `Choose another, for example: --name ${suggestion}`,
  );
}

/** What a server cannot be called: the services beside it in `compose.yaml`, and words that mean something else in YAML. */
const reserved: ReadonlySet<string> = new Set([
  ...['alertmanager', 'alloy', 'grafana', 'jaeger', 'loki', 'prometheus', 'redis', 'localhost'],
  ...['null', 'true', 'false', 'yes', 'no', 'on', 'off', 'y', 'n'],
]);

/** The name without its scope, as a DNS label (RFC 1035). Grafana bounds the ID of a dashboard to 40 characters. */
export function slugOf(name: string): string {
  const label = name
    .replace(/^@[^/]*\//, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+/, '')
    .replace(/^(?=[0-9])/, 'mcp-')
    .slice(0, 40)
    .replace(/(?<!-)-+$/, '');
  if (reserved.has(label)) return `mcp-${label}`;
  return label === '' ? 'mcp-server' : label;
}
