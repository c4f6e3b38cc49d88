import { readsLab } from '../../reading/lab/proven-by.ts';
import { summary } from '../../reading/wire/exchanges.ts';
import { fail, inconclusive, needsExperiment, notApplicable, pass, type Row } from '../../row.ts';
import { judgeEnvInImage } from './env-in-image.ts';
import { judgeLiterals, judgeSourceLiterals } from './literal-secrets.ts';
import { remedies } from './remedies.ts';
import { judgeForwarding, judgeLeaks } from './runtime-secrets.ts';

export const secretsInEnvironment: Row = {
  id: 'secrets-in-environment',
  title: 'API keys in environment variables',
  category: 'Security',
  level: 'required',
  why: 'A key that stands in a file is in every clone, every image layer and every backup, and cannot be rotated without a release.',
  fix: 'Read secrets from the environment, take literals out of Dockerfile and compose, and name .env in .gitignore and .dockerignore. Rotate what was ever committed.',
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
      title: 'Dockerfile and compose hold no literal secret',
      declared: judgeLiterals,
      reads: ['deployment', 'secrets'],
      failureStands: true,
    },
    {
      id: 'no-literal-in-source',
      kind: 'core',
      title: 'Source code holds no literal secret',
      declared: judgeSourceLiterals,
      reads: ['secrets', 'source'],
      failureStands: true,
    },
    {
      id: 'env-file-ignored-by-git',
      kind: 'core',
      title: 'Git keeps .env out of the repository',
      fix: 'Add a line ".env" to .gitignore; if it was ever committed, remove it and rotate what it holds.',
      supporting: true,
      declared: (project) => {
        const { gitIgnoresEnv, belowRepository } = project.ignores;
        if (gitIgnoresEnv) return pass('.gitignore keeps .env out.');
        if (!project.envFiles.includes('.env')) return notApplicable('There is no .env file with values.');
        if (belowRepository) {
          return inconclusive('The .gitignore here does not name .env; one above the project was not read.');
        }
        return project.envFilesWithSecrets.includes('.env')
          ? fail('.env holds a secret and no .gitignore keeps it out.')
          : inconclusive(
              'No .gitignore keeps .env out; none of its values shows to be a secret, so it may be there on purpose.',
            );
      },
    },
    {
      id: 'env-file-kept-out-of-image',
      kind: 'core',
      title: 'The image does not carry .env',
      fix: 'Add a line ".env" to .dockerignore, or copy only what the image needs.',
      supporting: true,
      declared: judgeEnvInImage,
    },
    {
      id: 'credential-not-echoed',
      kind: 'core',
      title: 'No answer repeats the credential that was sent',
      only: { transport: 'http', because: 'clients send no credential' },
      fix: 'Take the credential out of the error or page that repeats it; name the header, never its value.',
      supporting: true,
      observed: (wire) => {
        if (!wire.credentialGiven) return inconclusive('No credential was sent. Give one with --token.');
        const echo = wire.exchanges.find((exchange) => exchange.echoesCredential);
        if (echo) return fail(`${summary(echo)}: the answer contains the credential that was sent.`, echo);
        const answers = wire.exchanges.filter(
          ({ request, outcome }) => request.credential === 'given' && outcome.kind === 'answer',
        );
        return answers.length > 0
          ? pass(`The credential was in none of ${answers.length} answers.`)
          : inconclusive('No request that carried the credential was answered.');
      },
    },
    {
      id: 'no-leak-at-runtime',
      kind: 'core',
      title: 'No secret reaches logs, tool errors, health or error pages',
      fix: 'Send keys in headers, not in URLs; log and return what failed, never the request, its URL or the settings.',
      proven: readsLab('all', judgeLeaks),
      unseen: needsExperiment(
        'start the server with canary secrets and look for them in all that it writes and answers',
      ),
    },
    {
      id: 'token-not-forwarded',
      kind: 'extra',
      title: 'The token of clients is not sent on to upstreams',
      only: { transport: 'http', because: 'its client sends no token' },
      fix: 'Call upstreams with a key of the server’s own; the client’s token was issued for this server alone.',
      proven: readsLab('all', judgeForwarding),
      unseen: needsExperiment('call the server with a canary token and look for it in its upstream requests'),
    },
  ],
};
