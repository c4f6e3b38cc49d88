import type { Remedies } from '../../remedy.ts';

export const remedies: Remedies = {
  typescript: {
    text: 'Pin the base image. Install from the lockfile. Copy only what runs into the final stage.',
    language: 'dockerfile',
    code: `FROM node:24.19.0-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci
COPY tsconfig.json ./
COPY src ./src
RUN npm run build && npm prune --omit=dev

FROM node:24.19.0-slim
WORKDIR /app
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
USER node
CMD ["node", "dist/index.js"]`,
  },
  python: {
    text: 'Pin the base image. Install from the lockfile. Copy only what runs into the final stage.',
    language: 'dockerfile',
    code: `FROM python:3.13.9-slim AS build
COPY --from=ghcr.io/astral-sh/uv:0.9.7 /uv /usr/local/bin/uv
WORKDIR /app
COPY pyproject.toml uv.lock ./
RUN uv sync --locked --no-dev --no-install-project

FROM python:3.13.9-slim
WORKDIR /app
COPY --from=build /app/.venv ./.venv
COPY server.py ./
USER 10001
CMD [".venv/bin/python", "server.py"]`,
  },
};
