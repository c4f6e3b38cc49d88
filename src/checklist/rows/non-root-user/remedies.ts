import type { Remedies } from '../../remedy.ts';

export const remedies: Remedies = {
  typescript: {
    text: 'Switch to the user that the base image brings, after the files are in place; they stay root’s, and the server cannot change them.',
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
    text: 'Python images bring no user, so make one; a number lets Kubernetes check runAsNonRoot.',
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
