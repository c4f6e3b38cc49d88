import type { Remedies } from '../../remedy.ts';

export const remedies: Remedies = {
  typescript: {
    text: 'Write to stdout. Let the platform ship the log, with a logging driver or a collector (Alloy, Fluent Bit).',
    language: 'yaml',
    code: `services:
  weather:
    build: .
    logging:
      driver: awslogs
      options:
        awslogs-region: eu-west-1
        awslogs-group: weather`,
  },
  python: {
    text: 'Write to stdout without buffering. Let the platform ship the log, with a logging driver or a collector (Alloy, Fluent Bit).',
    language: 'yaml',
    code: `services:
  weather:
    build: .
    environment:
      PYTHONUNBUFFERED: "1"
    logging:
      driver: awslogs
      options:
        awslogs-region: eu-west-1
        awslogs-group: weather`,
  },
};
