import type { Remedies, Remedy } from '../../remedy.ts';

const compose: Remedy = {
  text: 'Let the platform restart the server, and let a fatal error end the process with a non-zero code.',
  language: 'yaml',
  code: `services:
  weather:
    build: .
    restart: unless-stopped`,
};

export const remedies: Remedies = { typescript: compose, python: compose };
