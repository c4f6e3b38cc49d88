import { count } from '../../../text/counts.ts';
import { readsLab } from '../../reading/lab/proven-by.ts';
import { listedTools, summary } from '../../reading/wire/exchanges.ts';
import { fail, inconclusive, notApplicable, pass, type Row } from '../../row.ts';
import { judgeEnvInImage } from './env-in-image.ts';
import { judgeLiterals, judgeSourceLiterals } from './literal-secrets.ts';
import { remedies } from './remedies.ts';
import { judgeForwarding, judgeLeaks } from './runtime-secrets.ts';

export const secretsInEnvironment: Row = {
  id: 'secrets-in-environment',
  title: 'API keys in environment variables',
  category: 'Security',
  level: 'required',
  why: 'A key in a file is copied to every clone, image layer and backup. Rotating it takes a release.',
  fix: 'Read secrets from the environment. Remove literals from source, Dockerfile and compose. Name .env in .gitignore and .dockerignore. Rotate every secret that was committed.',
  basis: [
    'Production checklist: Security, "API keys in environment variables" (Required)',
    'The Twelve-Factor App, III. Config: https://12factor.net/config',
    'MCP specification, authorization, access token privilege restriction (no token passthrough): https://modelcontextprotocol.io/specification/2025-11-25/basic/authorization',
    'Docker build secrets: https://docs.docker.com/build/building/secrets/',
  ],
  remedies,
  headline: 'no-leak-at-runtime',
  criteria: [
    {
      id: 'no-literal-in-deployment-files',
      kind: 'core',
      title: 'Dockerfile and compose contain no literal secret',
      declared: judgeLiterals,
      reads: ['deployment', 'secrets'],
      failureStands: true,
    },
    {
      id: 'no-literal-in-source',
      kind: 'core',
      title: 'Source code contains no literal secret',
      declared: judgeSourceLiterals,
      reads: ['secrets', 'source'],
      failureStands: true,
    },
    {
      id: 'env-file-ignored-by-git',
      kind: 'core',
      title: 'Git ignores .env',
      fix: 'Add a line ".env" to .gitignore. If .env was committed, remove it and rotate its secrets.',
      supporting: true,
      declared: (project) => {
        const { gitIgnoresEnv, belowRepository } = project.ignores;
        if (gitIgnoresEnv) return pass('.gitignore excludes .env.');
        if (!project.envFiles.includes('.env'))
          return notApplicable('The project has no .env file with values.');
        if (belowRepository) {
          return inconclusive(
            'The project’s .gitignore does not name .env. The audit did not read one above the project. Audit the repository’s root.',
          );
        }
        return project.envFilesWithSecrets.includes('.env')
          ? fail('.env contains a secret, and no .gitignore excludes it.')
          : inconclusive(
              'No .gitignore excludes .env. Whether its values are secret is unknown. Add ".env" to .gitignore.',
            );
      },
    },
    {
      id: 'env-file-kept-out-of-image',
      kind: 'core',
      title: 'The image does not contain .env',
      fix: 'Add a line ".env" to .dockerignore, or copy only what the image needs.',
      supporting: true,
      declared: judgeEnvInImage,
    },
    {
      id: 'credential-not-echoed',
      kind: 'core',
      title: 'No response contains the credential that was sent',
      only: { transport: 'http', because: 'clients send no credential' },
      fix: 'Remove the credential from the error or page that repeats it. Name the header, never its value.',
      supporting: true,
      observed: (wire) => {
        if (!wire.credentialGiven) {
          return listedTools(wire) !== undefined
            ? notApplicable('The server serves clients without a credential.')
            : inconclusive('The audit sent no credential. Add --token.');
        }
        const echo = wire.exchanges.find((exchange) => exchange.echoesCredential);
        if (echo) return fail(`${summary(echo)}. The response contains the credential that was sent.`, echo);
        const responses = wire.exchanges.filter(
          ({ request, outcome }) => request.credential === 'given' && outcome.kind === 'answer',
        ).length;
        return responses > 0
          ? pass(
              `The server sent ${count(responses, 'response')} to requests with the credential. None contains it.`,
            )
          : inconclusive('The server answered no request with the credential.');
      },
    },
    {
      id: 'no-leak-at-runtime',
      kind: 'core',
      title: 'No secret appears in logs, tool errors, health responses or error pages',
      fix: 'Send keys in headers, not in URLs. Log and return the error alone, never the request, its URL or the settings.',
      proven: readsLab('all', judgeLeaks),
      experiment: 'start the server with canary secrets and search its output and responses for them',
    },
    {
      id: 'token-not-forwarded',
      kind: 'extra',
      about: 'upstream',
      title: 'The server does not forward the client’s token to upstreams',
      only: { transport: 'http', because: 'its client sends no token' },
      fix: 'Call upstreams with the server’s own key. The client’s token was issued for this server only.',
      proven: readsLab('all', judgeForwarding),
      experiment: 'call the server with a canary token and search its upstream requests for it',
    },
  ],
};
