import type { Remedies } from '../../remedy.ts';

export const remedies: Remedies = {
  typescript: {
    text: 'Raise the limit of open files where the process starts. Limit streams in the code: createMcpHandler accepts maxSubscriptions.',
    language: 'yaml',
    code: `services:
  weather:
    build: .
    ulimits:
      nofile: 65536`,
  },
  python: {
    text: 'Raise the limit of open files where the process starts. Limit connections in the code: uvicorn_config={"limit_concurrency": 5000}.',
    language: 'yaml',
    code: `services:
  weather:
    build: .
    ulimits:
      nofile: 65536`,
  },
};
