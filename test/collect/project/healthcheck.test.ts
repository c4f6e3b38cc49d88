import { describe, expect, it } from 'vitest';
import { durationSeconds } from '../../../src/collect/project/platforms/healthcheck.ts';
import { finalStage } from './support.ts';

const check = (text: string) =>
  finalStage(`FROM a\nENV PORT=3000\nARG HOST=127.0.0.1\nARG LATER\n${text}`).healthcheck;

describe('addresses that a HEALTHCHECK asks', () => {
  const cases: [string, string[]][] = [
    ['CMD curl -f http://localhost:3000/health || exit 1', ['http://localhost:3000/health']],
    ['CMD curl -f http://localhost:${PORT:-8080}/health', ['http://localhost:3000/health']],
    ['CMD curl -f http://localhost:${OTHER:-8080}/health', ['http://localhost:8080/health']],
    ['CMD curl -f http://$HOST:$PORT/health;', ['http://127.0.0.1:3000/health']],
    ['CMD curl -f "http://localhost:$LATER/health"', ['http://localhost:$LATER/health']],
    ['CMD wget -qO- localhost:3000/healthz', ['http://localhost:3000/healthz']],
    [
      'CMD wget --spider http://localhost:3000/a && curl https://localhost/b',
      ['http://localhost:3000/a', 'https://localhost/b'],
    ],
    [
      `CMD ["node", "-e", "fetch('http://127.0.0.1:3000/health').then(r => process.exit(r.ok ? 0 : 1))"]`,
      ['http://127.0.0.1:3000/health'],
    ],
    [
      "CMD node -e \"fetch('http://127.0.0.1:' + (process.env.PORT || 8080) + '/health')\"",
      ['http://127.0.0.1:3000/health'],
    ],
    [
      'CMD node -e "fetch(`http://127.0.0.1:${process.env.NONE || 8080}/health`)"',
      ['http://127.0.0.1:8080/health'],
    ],
    [
      `CMD node -e "require('http').get({host:'localhost',port:process.env.PORT||1,path:'/health'})"`,
      ['http://localhost:3000/health'],
    ],
    [
      `CMD python -c "import urllib.request; urllib.request.urlopen('http://localhost:8000/health')"`,
      ['http://localhost:8000/health'],
    ],
    [
      `CMD ["python", "-c", "import os,urllib.request as u; u.urlopen(f'http://localhost:{os.environ.get(\\"PORT\\", \\"8000\\")}/health')"]`,
      ['http://localhost:3000/health'],
    ],
    ['CMD ["curl", "-f", "http://localhost:${PORT}/health"]', ['http://localhost:${PORT}/health']],
    ['CMD ["sh", "-c", "curl -f http://localhost:${PORT}/health"]', ['http://localhost:3000/health']],
    [
      'CMD curl -sf http://localhost:3000/health?token=abcdef123456',
      ['http://localhost:3000/health?token=[masked]'],
    ],
    ['CMD nc -z localhost 3000', []],
    ['CMD node healthcheck.js', []],
    ['CMD pg_isready -h localhost', []],
  ];
  it.each(cases)('%s', (text, urls) => {
    expect(check(`HEALTHCHECK ${text}`)?.urls).toEqual(urls);
  });
});

describe('a HEALTHCHECK', () => {
  it('may be NONE, in any case', () => {
    expect(check('healthcheck none')).toEqual({
      kind: 'none',
      command: '',
      urls: [],
      at: { file: 'Dockerfile', line: 5 },
    });
  });

  it('is the last one of the stage', () => {
    expect(check('HEALTHCHECK NONE\nHEALTHCHECK --timeout=3s --interval=1m30s CMD true')).toMatchObject({
      kind: 'command',
      command: 'true',
      intervalSeconds: 90,
    });
  });

  it('is one line, however it is written', () => {
    expect(
      check('HEALTHCHECK \\\n  --interval=5s \\\n  CMD curl -f \\\n    http://localhost/ \\\n || exit 1')
        ?.command,
    ).toBe('curl -f http://localhost/ || exit 1');
  });

  it('has no interval for 0, which stands for the default', () => {
    expect(check('HEALTHCHECK --interval=0s CMD true')).not.toHaveProperty('intervalSeconds');
  });
});

it.each([
  ['30s', 30],
  ['1m30s', 90],
  ['500ms', 0.5],
  ['1.5h', 5400],
  ['30', undefined],
  ['soon', undefined],
])('the duration %s is %s seconds', (text, seconds) => {
  expect(durationSeconds(text)).toBe(seconds);
});
