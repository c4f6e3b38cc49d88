import type { Remedies } from '../../remedy.ts';

export const remedies: Remedies = {
  typescript: {
    text: 'Let the platform start it again, and let a fatal error end the process with a code other than 0.',
    language: 'yaml',
    code: `services:
  weather:
    build: .
    restart: unless-stopped`,
  },
  python: {
    text: 'Let the platform start it again, and let a fatal error end the process with a code other than 0.',
    language: 'yaml',
    code: `services:
  weather:
    build: .
    restart: unless-stopped`,
  },
};
