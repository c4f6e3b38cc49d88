import type { Healthcheck, ProjectEvidence } from '../../evidence/project.ts';
import { serverServices } from './compose-services.ts';
import { lineage, serverImages } from './server-image.ts';

/** The container health checks that run: compose's own goes before the image's. */
export function healthchecks(project: ProjectEvidence): Healthcheck[] {
  const services = serverServices(project).flatMap((service) => service.healthcheck ?? []);
  if (services.length > 0) return services;
  return serverImages(project).flatMap(
    (image) => lineage(image.dockerfile, image.stage).find((stage) => stage.healthcheck)?.healthcheck ?? [],
  );
}

/** Path and query of a polled URL, which may name any host, and a port that only the shell knows (`:$PORT`). */
export function pathOf(url: string): string | undefined {
  const [, path = '/'] = /^https?:\/\/[^/?#\s]+([/?][^#\s]*)?/i.exec(url) ?? [];
  const absolute = path.startsWith('/') ? path : `/${path}`;
  return /^https?:/i.test(url) && !/[$`{}]/.test(path) ? absolute : undefined;
}

/** What the deployment polls according to its files, as paths on the server. */
export function polledPaths(project: ProjectEvidence): string[] {
  const paths = healthchecks(project).flatMap((check) => check.urls.flatMap((url) => pathOf(url) ?? []));
  return [...new Set(paths)];
}
