import type { Remedies } from '../../remedy.ts';

export const remedies: Remedies = {
  typescript: {
    text: 'Node sees the memory limit of its container and collects garbage in time; leave room for buffers outside of its heap.',
    language: 'yaml',
    code: `services:
  weather:
    build: .
    deploy:
      resources:
        limits:
          cpus: "1.0"
          memory: 512M`,
  },
  python: {
    text: 'One worker process in each container, so that the limit is that of one server; more of them are more containers.',
    language: 'yaml',
    code: `services:
  weather:
    build: .
    deploy:
      resources:
        limits:
          cpus: "1.0"
          memory: 512M`,
  },
};
