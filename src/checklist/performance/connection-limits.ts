import { judgeStreams } from '../reading/held-streams.ts';
import { needsExperiment, type Row } from '../row.ts';

export const connectionLimits: Row = {
  id: 'connection-limits',
  title: 'Holds many long-lived streams; file-descriptor limit raised',
  category: 'Performance',
  level: 'recommended',
  why: 'Each open stream is a file descriptor: at the usual limit of 1,024 the next client, and the health check, are turned away.',
  fix: 'Raise the limit (ulimits.nofile in compose, LimitNOFILE in systemd) and bound the streams that one server holds.',
  basis: ['Production readiness: Scaling Considerations, "Connection limits"'],
  criteria: [
    {
      id: 'many-streams',
      kind: 'core',
      title: 'Several dozen streams stay open while calls are served',
      observed: judgeStreams,
    },
    {
      id: 'survives-exhaustion',
      kind: 'extra',
      title: 'It survives running out of file descriptors',
      unseen: needsExperiment('lower the limit and open streams beyond it'),
    },
  ],
};
