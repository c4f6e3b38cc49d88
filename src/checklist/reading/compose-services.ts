import type { ComposeService, ProjectEvidence } from '../../evidence/project.ts';
import { inconclusive, type Judgement } from '../row.ts';

/**
 * The compose services that run the server: those that are built here; where none is built, the only service there is.
 * Databases and collectors beside the server are not judged.
 */
export function serverServices(project: ProjectEvidence): ComposeService[] {
  const services = project.compose.flatMap((compose) => compose.services);
  const built = services.filter((service) => service.build);
  if (built.length > 0) return built;
  return services.length === 1 ? services : [];
}

/**
 * Judges the services that run the server, or says why there is none to judge.
 *
 * @param judge gets at least one service
 */
export function judgeServices(
  project: ProjectEvidence,
  judge: (services: ComposeService[]) => Judgement,
): Judgement {
  const services = serverServices(project);
  if (services.length > 0) return judge(services);
  const broken = project.compose.find((compose) => compose.broken);
  if (broken) return inconclusive(`${broken.files.join(', ')} could not be read: ${broken.broken}`);
  if (project.compose.length > 0) {
    return inconclusive(
      'No compose service is built from this project, so it is not clear which one is the server.',
    );
  }
  const [other] = project.unread;
  return inconclusive(
    other
      ? `No compose file; ${other.file} (${other.kind}) was found, but this version does not read it.`
      : 'No compose file was found, and this version reads no other deployment description.',
  );
}
