import { describe, expect, it } from 'vitest';
import { noSecrets } from '../../../src/collect/project/secrets/literal-secrets.ts';
import { appWith, dockerfile, fakes } from './support.ts';

const byName = 'a literal value';

function inDockerfile(text: string) {
  const secrets = noSecrets();
  const evidence = dockerfile(`FROM node:20\n${text}`, secrets);
  return { found: secrets.found, evidence: JSON.stringify(evidence) };
}

async function inCompose(lines: string) {
  const secrets = noSecrets();
  const evidence = await appWith(lines, secrets);
  return { found: secrets.found, evidence: JSON.stringify(evidence) };
}

describe('a literal secret', () => {
  const named: [string, string, number][] = [
    ['ENV OPENWEATHER_API_KEY=4f2a9c81e07b', 'OPENWEATHER_API_KEY', 2],
    ['ENV OPENWEATHER_API_KEY 4f2a9c81e07b', 'OPENWEATHER_API_KEY', 2],
    ['ENV A=1 \\\n  DB_PASSWORD="hunter2!" \\\n  B=2', 'DB_PASSWORD', 3],
    ['ARG NPM_TOKEN=4f2a9c81e07b', 'NPM_TOKEN', 2],
    ['ENV clientSecret=Zk3mQ9rTz', 'clientSecret', 2],
    ['ENV WEBPASSWORD=Zk3mQ9rTz', 'WEBPASSWORD', 2],
    ['ENV SMTP_PASS=Zk3mQ9rTz', 'SMTP_PASS', 2],
    ['COPY <<EOF /app/.env\nA=1\nAPI_KEY=Zk3mQ9rTz\nEOF', 'API_KEY', 4],
    ['ENV SECRET_KEY_BASE=Zk3mQ9rTzAAb', 'SECRET_KEY_BASE', 2],
    ['ENV STRIPE_API_KEY_PROD=Zk3mQ9rTz', 'STRIPE_API_KEY_PROD', 2],
    ['ENV GOOGLE_CREDENTIALS=Zk3mQ9rTz', 'GOOGLE_CREDENTIALS', 2],
    ['ENV MCP_API_KEY=super-secret-token', 'MCP_API_KEY', 2],
    ['ENV K=Zk3mQ9rTz\nENV API_KEY=$K', 'API_KEY', 3],
    ['RUN echo a && \\\n  API_TOKEN=Zk3mQ9rTz npm ci', 'API_TOKEN', 3],
    ['RUN <<EOF\necho\nexport API_TOKEN="Zk3mQ9rTz"\nEOF', 'API_TOKEN', 4],
    ['CMD ["node", "a.js", "--api-key=Zk3mQ9rTz"]', 'api-key', 2],
    ['CMD ["node", "a.js", "--api-key", "Zk3mQ9rTz"]', 'api-key', 2],
    ['RUN login --password Zk3mQ9rTz', 'password', 2],
  ];
  it.each(named)('shows by its name: %j', (text, name, line) => {
    const { found } = inDockerfile(text);
    expect(found).toEqual([{ name, kind: byName, at: { file: 'Dockerfile', line } }]);
  });

  const shaped: [string, string][] = [
    [fakes.aws, 'an AWS access key id'],
    [fakes.github, 'a GitHub token'],
    [fakes.slack, 'a Slack token'],
    [fakes.openai, 'an API key'],
    [fakes.jwt, 'a JSON Web Token'],
  ];
  it.each(shaped)('shows by its form', (value, kind) => {
    for (const text of [
      `ENV X=${value}`,
      `# was: ${value}`,
      `RUN curl -H "X: ${value}" https://a`,
      `LABEL x="${value}"`,
    ]) {
      const { found, evidence } = inDockerfile(text);
      expect(found).toMatchObject([{ kind, at: { file: 'Dockerfile', line: 2 } }]);
      expect(evidence).not.toContain(value);
    }
  });

  it('may be a private key', () => {
    const { found } = inDockerfile(`RUN <<EOF\ncat > key.pem <<KEY\n${fakes.privateKey}KEY\nEOF`);
    expect(found).toMatchObject([{ kind: 'a private key', at: { line: 4 } }]);
  });

  it('is one finding when it shows by both', () => {
    expect(inDockerfile(`ENV OPENAI_API_KEY=${fakes.openai}`).found).toHaveLength(1);
  });

  it.each([
    ['environment:\n  API_TOKEN: Zk3mQ9rTz', 'API_TOKEN', 4],
    ['environment:\n  - "API_TOKEN=Zk3mQ9rTz"', 'API_TOKEN', 4],
    ['environment:\n  API_TOKEN: ${API_TOKEN:-Zk3mQ9rTz}', 'API_TOKEN', 4],
    ['build:\n  args:\n    NPM_TOKEN: Zk3mQ9rTz', 'NPM_TOKEN', 5],
    ['command: node a.js --api-key=Zk3mQ9rTz', 'api-key', 3],
  ])('stands in compose: %j', async (text, name, line) => {
    const { found, evidence } = await inCompose(text);
    expect(found).toEqual([
      {
        name,
        kind: expect.stringMatching(/^a literal (?:value|default)$/),
        at: { file: 'compose.yaml', line },
      },
    ]);
    expect(evidence).not.toContain('Zk3mQ9rTz');
  });
});

describe('no secret is', () => {
  const harmless = [
    'API_KEY=',
    'API_KEY=""',
    'API_KEY=changeme',
    'API_KEY=change-me-please',
    'API_KEY=your-api-key-here',
    'API_KEY=your_key_here',
    'OPENWEATHER_API_KEY=openweather-api-key',
    'API_KEY=<your-key>',
    'API_KEY=xxxxxxxxxxxx',
    'API_KEY=sk-xxxxxxxxxxxxxxxxxxxxxxxx',
    'API_KEY=***********',
    'API_KEY=dummy-key-for-build',
    'API_KEY=test-token',
    'API_KEY=placeholder',
    'API_KEY=replace-with-real-key',
    'API_KEY=REPLACE_ME_1234567',
    'API_KEY=${API_KEY}',
    'API_KEY=$OTHER',
    'API_KEY=$(cat/run/secrets/key)',
    'API_KEY={{secrets.key}}',
    'API_KEY=op://vault/item/field',
    'API_KEY_FILE=/run/secrets/api_key',
    'API_KEY=/run/secrets/api_key',
    'DB_PASSWORD_FILE=/run/secrets/db_password',
    'TOKEN_URL=https://auth.example.com/oauth/token',
    'AUTH_TOKEN_ENDPOINT=https://login.acme.io/token',
    'SIGNING_KEY=https://acme.io/key.asc',
    'API_KEY_HEADER=X-Api-Key-Custom',
    'SECRET_NAME=projects/weather/keys',
    'AWS_SECRET_ID=weather/production',
    'MAX_TOKENS=4096',
    'MAX_TOKEN=4096abc000',
    'TOKEN_TTL=3600s',
    'TOKENIZERS_PARALLELISM=false',
    'REQUIRE_API_KEY=true',
    'USE_TOKEN=enabled',
    'API_KEY_LENGTH=32characters',
    'PUBLIC_KEY=MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE',
    'STRIPE_PUBLISHABLE_KEY=pk_live_51Habcdefghijk',
    'SUPABASE_ANON_KEY=abcdef0123456789',
    'GPG_KEY=A035C8C19219BA821ECEA86B64E628F8D684696D',
    'NODE_KEYS=4ED778F539E3634C779C87C6D7062848A1AB005C',
    'CACHE_KEY=weather-v2-london',
    'SORT_KEY=created_at_desc',
    'PRIMARY_KEY=customer_id',
    'SECRET_KEY_BASE_DUMMY=1',
    'PWD=/usr/src/application',
    'KEY=something-readable',
    'BYPASS=something-readable',
    'MONKEY=gorilla-gorilla',
    'KEYBOARD=us-international',
    'TURKEY=ankara-istanbul',
    'POSTGRES_PASSWORD=postgres',
    'AUTHOR=Zk3mQ9rTzAbc',
    'PATH=/usr/local/bin:/usr/bin',
    'COMPASS=Zk3mQ9rTzAbc',
    'AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE',
    'CSS_CLASS=sk-circle-fade-dot-animation1',
    'NODE_VERSION=20.19.0',
  ];
  it.each(harmless)('%s', async (text) => {
    expect(inDockerfile(`ENV ${text}`).found).toEqual([]);
    expect(inDockerfile(`RUN ${text} npm run build`).found).toEqual([]);
    expect((await inCompose(`environment:\n  - '${text}'`)).found).toEqual([]);
  });

  it.each([
    'RUN --mount=type=secret,id=npm_token NPM_TOKEN=$(cat /run/secrets/npm_token) npm ci',
    'RUN echo "//registry.npmjs.org/:_authToken=${NPM_TOKEN}" > .npmrc',
    'RUN grep -q -- "-----BEGIN PRIVATE KEY-----" key.pem',
    'RUN curl -H "Authorization: Bearer $TOKEN" https://api.acme.io',
    'RUN git clone https://github.com/acme/keys',
    'RUN test -n "$API_KEY" || (echo "API_KEY=required" && exit 1)',
    'LABEL key="Zk3mQ9rTzAbc"',
    'RUN login --password-stdin --token-file x --api-key --verbose-output',
    'RUN login --token $TOKEN --password "${PASSWORD}"',
    'COPY token-service.js secret-santa.js ./',
    'ARG API_KEY',
  ])('in %s', (text) => {
    expect(inDockerfile(text).found).toEqual([]);
  });

  it('a token that is made to be published', () => {
    const anon = fakes.jwt.replace(/\.[^.]*\./, `.${Buffer.from('{"role":"anon"}').toString('base64url')}.`);
    expect(inDockerfile(`ENV X=${anon}`).found).toEqual([]);
  });
});

describe('what is recorded', () => {
  it.each([
    'ENV AUTH_SALT=Zk3mQ9rTzAbc',
    'ENV DATABASE_URL=postgres://app:Zk3mQ9rTzAbc@db/app',
    'ENV SENTRY_DSN=https://Zk3mQ9rTzAbc@sentry.io/1',
    'RUN curl -H "Authorization: Bearer Zk3mQ9rTzAbc" https://a',
    'CMD ["node", "a.js", "--api-key", "Zk3mQ9rTzAbc"]',
    'CMD node a.js --password Zk3mQ9rTzAbc',
    'HEALTHCHECK CMD curl -u a:b http://app:Zk3mQ9rTzAbc@localhost/health',
    'FROM https://user:Zk3mQ9rTzAbc@registry/image',
    'ENV API_KEY=${X}Zk3mQ9rTzAbc',
    'USER ${API_KEY:-Zk3mQ9rTzAbc}${X}',
  ])('masks what is not accused, too: %s', (text) => {
    expect(inDockerfile(text).evidence).not.toContain('Zk3mQ9rTzAbc');
  });

  it('keeps what says nothing', () => {
    const { evidence } = inDockerfile(
      'ENV MAX_TOKENS=4096 TOKEN_FILE=/run/secrets/token AUTH_MODE=oauth PORT=3000',
    );
    expect(evidence).toContain('4096');
    expect(evidence).toContain('oauth');
    expect(evidence).toContain('/run/secrets/token');
    expect(evidence).not.toContain('[masked]');
  });

  it('is bounded', () => {
    const { evidence } = inDockerfile(`ENV A=${'b'.repeat(4_000)}\nRUN ${'c '.repeat(100_000)}`);
    expect(evidence.length).toBeLessThan(3_000);
  });

  it('ends in bounded time: many tokens', () => {
    // Of the processor: a busy machine takes longer.
    const started = process.cpuUsage();
    const { found } = inDockerfile(
      `RUN echo ${`${fakes.aws} `.repeat(20_000)}\nRUN ${'API_KEY=Zk3mQ9rTz '.repeat(20_000)}\n# ${'xoxb-'.repeat(60_000)}${'eyJ-'.repeat(60_000)}`,
    );
    expect(found.length).toBeLessThanOrEqual(200);
    const { user, system } = process.cpuUsage(started);
    expect((user + system) / 1_000).toBeLessThan(5_000);
  });
});
