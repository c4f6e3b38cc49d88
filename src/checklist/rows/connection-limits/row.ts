import { placeText } from '../../../text/places.ts';
import { provenBy } from '../../reading/lab/proven-by.ts';
import type { DeploymentUnit } from '../../reading/server/deployment-unit.ts';
import { judgeUnits, unknownSetting, unsupportedSetting } from '../../reading/server/server-units.ts';
import { fail, inconclusive, type Judgement, pass, type Row } from '../../row.ts';
import { judgeSurvival } from './descriptors.ts';
import { judgeStreams } from './held-streams.ts';
import { remedies } from './remedies.ts';

export const connectionLimits: Row = {
  id: 'connection-limits',
  title: 'Holds many long-lived streams; file-descriptor limit raised',
  category: 'Performance',
  level: 'recommended',
  why: 'Each open stream takes a file descriptor. At the usual limit of 1,024, the server refuses the next client and the health check.',
  fix: 'Raise the limit (ulimits.nofile in compose, LimitNOFILE in systemd). Limit the streams of one server.',
  basis: [
    'Production readiness: Scaling Considerations, "Connection limits"',
    'Compose specification, ulimits: https://docs.docker.com/reference/compose-file/services/#ulimits',
    'systemd.exec(5), LimitNOFILE=: https://www.freedesktop.org/software/systemd/man/latest/systemd.exec.html#Process%20Properties',
  ],
  remedies,
  only: { transport: 'http', because: 'its only connection is to the program that starts it' },
  headline: 'many-streams',
  criteria: [
    {
      id: 'many-streams',
      kind: 'core',
      title: 'Several dozen streams stay open while the server answers calls',
      observed: judgeStreams,
    },
    {
      id: 'descriptor-limit',
      kind: 'extra',
      attestable: { by: 'a limit that the host sets' },
      title: 'The deployment raises the limit of open files above the usual 1,024',
      fix: 'Set ulimits.nofile in compose, LimitNOFILE= in systemd, or ulimits in the ECS task definition.',
      declared: (project) => judgeUnits(project, judgeDescriptors),
    },
    {
      id: 'survives-exhaustion',
      kind: 'extra',
      title: 'The server survives running out of file descriptors',
      fix: 'Limit the number of connections (server.maxConnections in Node, limit_concurrency in uvicorn). Catch and log accept errors (EMFILE).',
      proven: provenBy('descriptors', judgeSurvival),
      experiment: 'lower the limit and open more connections than it allows',
    },
  ],
};

/** The common default of systems. */
const usualLimit = 1024;

function judgeDescriptors(unit: DeploymentUnit): Judgement {
  const { title, at, platform, runs, fileLimit } = unit;
  if (!['compose', 'systemd', 'ecs'].includes(platform)) return unsupportedSetting(unit, 'open files');
  const where = `${title} (${placeText(at)})`;
  if (runs === 'container client') return inconclusive(`${where} starts a container with its own limits.`);
  if (!fileLimit) {
    return inconclusive(`${where} sets no limit of open files. The limit depends on the machine.`);
  }
  if (!fileLimit.known) return inconclusive(unknownSetting(title, 'the limit of open files', fileLimit));
  const { value } = fileLimit;
  const finding = `${title} limits open files to ${value} (${placeText(fileLimit.at)}).`;
  if (/^(?:-1|infinity|unlimited)$/.test(value)) return pass(finding, fileLimit.at);
  if (!/^\d+$/.test(value)) return inconclusive(`${finding} This is not a number.`);
  return Number(value) > usualLimit
    ? pass(finding, fileLimit.at)
    : fail(`${finding} This is not above the usual limit of ${usualLimit}.`, fileLimit.at);
}
