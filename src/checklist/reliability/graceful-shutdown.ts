import { judgeExit, judgeSignalHandlers } from '../reading/signal-handling.ts';
import { needsExperiment, type Row } from '../row.ts';

export const gracefulShutdown: Row = {
  id: 'graceful-shutdown',
  title: 'SIGTERM drains and exits cleanly',
  category: 'Reliability',
  level: 'required',
  why: 'Every deployment sends SIGTERM; a server that drops its calls then fails its users at each release.',
  fix: 'On SIGTERM report not ready, finish calls in flight up to a bound, end streams, then exit 0. Start the process itself, not npm or a shell.',
  basis: [
    'Production readiness: Scaling Considerations, "Graceful shutdown"',
    'The Twelve-Factor App, IX. Disposability: https://12factor.net/disposability',
    'Kubernetes, pod termination: https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-termination',
  ],
  criteria: [
    {
      id: 'call-finishes',
      kind: 'core',
      title: 'A call in flight finishes',
      declared: judgeSignalHandlers,
      unseen: needsExperiment('send SIGTERM to the start command with a call in flight'),
    },
    {
      id: 'exits-cleanly',
      kind: 'core',
      title: 'It exits with 0 within a bound and leaves nothing running',
      declared: judgeExit,
      unseen: needsExperiment('send SIGTERM and watch the processes'),
    },
    {
      id: 'refuses-new',
      kind: 'core',
      title: 'New requests are refused while it drains',
      unseen: needsExperiment('call the server after SIGTERM'),
    },
    {
      id: 'streams-end',
      kind: 'extra',
      title: 'Open streams end cleanly',
      unseen: needsExperiment('send SIGTERM with a stream open'),
    },
  ],
};
