import type { Remedies } from '../../remedy.ts';

export const remedies: Remedies = {
  typescript: {
    text: 'Write to stdout, and let the platform carry the lines away: a logging driver as here, or a collector such as Alloy or Fluent Bit.',
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
    text: 'Write to stdout without buffering, and let the platform carry the lines away: a logging driver as here, or a collector such as Alloy or Fluent Bit.',
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
