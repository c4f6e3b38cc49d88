import { placeText } from '../../../text/places.ts';
import { provenBy } from '../../reading/lab/proven-by.ts';
import type { DeploymentUnit } from '../../reading/server/deployment-unit.ts';
import { judgeUnits, unsupportedSetting } from '../../reading/server/server-units.ts';
import { fail, inconclusive, type Judgement, needsExperiment, pass, type Row } from '../../row.ts';
import { judgeSurvival } from './descriptors.ts';
import { judgeStreams } from './held-streams.ts';
import { remedies } from './remedies.ts';

export const connectionLimits: Row = {
  id: 'connection-limits',
  title: 'Holds many long-lived streams; file-descriptor limit raised',
  category: 'Performance',
  level: 'recommended',
  why: 'Each open stream is a file descriptor: at the usual limit of 1,024 the next client, and the health check, are turned away.',
  fix: 'Raise the limit (ulimits.nofile in compose, LimitNOFILE in systemd) and bound the streams that one server holds.',
  basis: [
    'Production readiness: Scaling Considerations, "Connection limits"',
    'Compose specification, ulimits: https://docs.docker.com/reference/compose-file/services/#ulimits',
    'systemd.exec(5), LimitNOFILE=: https://www.freedesktop.org/software/systemd/man/latest/systemd.exec.html#Process%20Properties',
  ],
  remedies,
  only: { transport: 'http', because: 'the client that starts it is its only connection' },
  headline: 'many-streams',
  criteria: [
    {
      id: 'many-streams',
      kind: 'core',
      title: 'Several dozen streams stay open while calls are served',
      observed: judgeStreams,
    },
    {
      id: 'descriptor-limit',
      kind: 'extra',
      title: 'The limit of open files is raised above the usual 1,024',
      fix: 'Set ulimits.nofile in compose, LimitNOFILE= in systemd, or ulimits in the ECS task definition.',
      declared: (project) => judgeUnits(project, judgeDescriptors),
    },
    {
      id: 'survives-exhaustion',
      kind: 'extra',
      title: 'It survives running out of file descriptors',
      fix: 'Bound the connections that it takes (server.maxConnections in Node, limit_concurrency in uvicorn), and catch the errors of accepting one (EMFILE): log them and go on.',
      proven: provenBy('descriptors', judgeSurvival),
      unknownReason: needsExperiment('lower the limit and open streams beyond it'),
    },
  ],
};

/** What a process is commonly given when nothing is said. */
const usual = 1024;

function judgeDescriptors(one: DeploymentUnit): Judgement {
  const { title, at, platform, runs, fileLimit } = one;
  if (!['compose', 'systemd', 'ecs'].includes(platform)) return unsupportedSetting(one, 'open files');
  const where = `${title} (${placeText(at)})`;
  if (runs === 'container client') return inconclusive(`${where} starts a container with limits of its own.`);
  if (!fileLimit)
    return inconclusive(`${where} says nothing of it; what it is given depends on the machine.`);
  if (!fileLimit.known) {
    return inconclusive(`${title}: ${fileLimit.text} (${placeText(fileLimit.at)}): ${fileLimit.why}`);
  }
  const finding = `${title}: ${fileLimit.value} (${placeText(fileLimit.at)}).`;
  if (/^(?:-1|infinity|unlimited)$/.test(fileLimit.value)) return pass(finding, fileLimit.at);
  if (!/^\d+$/.test(fileLimit.value)) return inconclusive(`${finding} That is no number.`);
  return Number(fileLimit.value) > usual ? pass(finding, fileLimit.at) : fail(finding, fileLimit.at);
}
