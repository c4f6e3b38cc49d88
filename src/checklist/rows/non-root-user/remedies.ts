import type { Remedies } from '../../remedy.ts';

export const remedies: Remedies = {
  typescript: {
    text: 'Switch to the base image’s own user after the files are in place. The files belong to root, and the server cannot change them.',
    language: 'dockerfile',
    code: `FROM node:24.19.0-slim
WORKDIR /app
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
USER node
CMD ["node", "dist/index.js"]`,
  },
  python: {
    text: 'Python images have no user of their own, so create one. Name it by number: then Kubernetes can check runAsNonRoot.',
    language: 'dockerfile',
    code: `FROM python:3.13-slim
RUN useradd --system --uid 10001 mcp
WORKDIR /app
COPY --from=build /app/.venv ./.venv
COPY server.py ./
USER 10001
CMD [".venv/bin/python", "server.py"]`,
  },
};
