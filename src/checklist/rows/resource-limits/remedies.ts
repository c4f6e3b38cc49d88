import type { Remedies } from '../../remedy.ts';

const compose = {
  language: 'yaml',
  code: `services:
  weather:
    build: .
    deploy:
      resources:
        limits:
          cpus: "1.0"
          memory: 512M`,
} as const;

export const remedies: Remedies = {
  typescript: {
    text: 'Node reads the memory limit of its container and collects garbage in time. Leave room for buffers outside its heap.',
    ...compose,
  },
  python: {
    text: 'Run one worker process per container: the limit is then that of one server. To scale, add containers.',
    ...compose,
  },
};
