import { describe, expect, test } from 'vitest';
import { createMasker } from '../../src/text/masking.ts';
import { singleLine, withoutControls } from '../../src/text/printable.ts';
import { leakedPieces, leakedSecrets, leakedVariants } from '../servers/leaking.ts';

const secret = 'p@ss/w0rd+"with" <signs>&more';
const masker = createMasker([secret]);

test.each([
  ['as it is', secret],
  ['percent-encoded', encodeURIComponent(secret)],
  ['percent-encoded in lower case', encodeURIComponent(secret).replace(/%../g, (code) => code.toLowerCase())],
  ['as a form value', new URLSearchParams({ v: secret }).toString().slice(2)],
  ['inside JSON', JSON.stringify(secret).slice(1, -1)],
  ['inside HTML', 'p@ss/w0rd+&quot;with&quot; &lt;signs&gt;&amp;more'],
  ['in base64', Buffer.from(secret).toString('base64').replace(/=+$/, '')],
  ['in base64url', Buffer.from(secret).toString('base64url')],
])('a secret written %s is masked and noticed', (_form, written) => {
  expect(masker.text(`before ${written} after`)).toBe('before *** after');
  expect(masker.echoes(`before ${written} after`)).toBe(true);
});

test.each([0, 1, 2])('base64 of a longer text with the secret after %i bytes', (offset) => {
  const token = 'sk-live-0123456789abcdef';
  const encoded = Buffer.from(`${'u'.repeat(offset)}${token}:rest`).toString('base64');
  const tokenMasker = createMasker([token]);
  expect(tokenMasker.echoes(encoded)).toBe(true);
  expect(Buffer.from(tokenMasker.text(encoded).replace('***', ''), 'base64').toString()).not.toContain(
    '0123456',
  );
});

test('a piece of a secret at the cut is masked, wherever the cut falls', () => {
  const body = `${'x'.repeat(20)}${secret}${'y'.repeat(40)}`;
  for (let cut = 20; cut <= 60; cut += 1) {
    const kept = masker.beginning(body, cut);
    expect(kept.length).toBeLessThanOrEqual(cut);
    expect(kept).not.toContain(secret.slice(0, 4));
  }
  expect(masker.beginning(`broken off at ${secret.slice(0, 12)}`, 1000)).toBe('broken off at ***');
});

const publicToken = [{ alg: 'HS256' }, { role: 'anon', ref: 'weather' }, { s: 'signature-of-it' }]
  .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
  .join('.');

describe('secrets that show by their form', () => {
  const masksOf = [...Object.entries(leakedSecrets), ...leakedVariants];

  test.each(masksOf)('%s is masked and told, however it is written', (kind, value) => {
    for (const written of [
      value,
      JSON.stringify({ error: `one\n${value}` }),
      JSON.stringify(JSON.stringify({ error: value })),
      JSON.stringify({ error: value }).replaceAll('&', '\\u0026').replaceAll('/', '\\/'),
      `\u001b[31m${value}\u001b[0m`,
      `<p>one<br>${value.replaceAll('&', '&amp;')}</p>`,
    ]) {
      const masked = masker.text(written);
      for (const piece of leakedPieces) expect(masked).not.toContain(piece);
      expect(masker.exposed(written)).toEqual([kind]);
      expect(masker.exposed(masked)).toEqual([]);
    }
  });

  test.each(masksOf)('%s leaves no piece, wherever the text is cut or breaks off', (_kind, value) => {
    const secretPart = value.replace(/^.*(?:appid=|KEY-----|services\/)/, '');
    const whole = `${'x'.repeat(20)} ${value} and more`;
    for (let cut = 20; cut <= whole.length; cut += 1) {
      for (const kept of [masker.beginning(whole, cut), masker.beginning(whole.slice(0, cut), 1_000)]) {
        expect(kept).not.toContain(secretPart.slice(0, 18));
      }
    }
  });

  test.each(masksOf)(
    '%s leaves no piece at the end of a line that shows the beginning of a long text',
    (_kind, value) => {
      const secretPart = value.replace(/^.*(?:appid=|KEY-----|services\/)/, '');
      for (let before = 0; before <= 40; before += 1) {
        const line = masker.line(`${'x'.repeat(before)} ${value} ${'y'.repeat(100_000)}`, 40);
        expect(line.length).toBeLessThanOrEqual(40);
        expect(line.endsWith('…')).toBe(true);
        expect(line).not.toContain(secretPart.slice(0, 12));
      }
    },
  );

  test('a private key with a header goes on to the cut where its end is beyond it', () => {
    const body = 'MIIEpAIBAAKCAQEA\n'.repeat(200);
    const key = `-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n\n${body}-----END RSA PRIVATE KEY-----`;
    const text = `The key is ${key} and more`;
    expect(masker.text(text)).toBe('The key is <private key> and more');
    expect(masker.beginning(text, 200)).toBe('The key is <private key>');
    expect(masker.line(text, 200)).toBe('The key is <private key>…');
  });

  test('a text without an end of the private key loses what goes on like one', () => {
    const begins = leakedSecrets['a private key']?.slice(0, 90) ?? '';
    expect(masker.text(`${begins}`)).toBe('<private key>');
    expect(JSON.parse(masker.text(JSON.stringify({ key: begins, next: 'value' })))).toEqual({
      key: '<private key>',
      next: 'value',
    });
  });

  test.each([
    ['the key that AWS documents', ['AKIA', 'IOSFODNN7EXAMPLE'].join('')],
    ['a filler', `ghp_${'x'.repeat(36)}`],
    ['a Stripe key to fill in', `sk_live_${'x'.repeat(24)}`],
    ['a token that is made to be published', publicToken],
    ['the state of a link', `https://login.example/authorize?state=${leakedSecrets['a JSON Web Token']}`],
    ['the first line of a private key', `expected -----BEGIN ${'PRIVATE'} KEY-----`],
    ['a Slack token without a number', 'xoxb-not-a-token-but-words-with-dashes'],
    ['a variable in a URL', 'https://api.example/data?key=process.env.API_KEY'],
  ])('%s is masked, and not reported', (_what, text) => {
    expect(masker.text(text)).toMatch(/<[\w ]+>/);
    expect(masker.exposed(text)).toEqual([]);
  });

  test('given secrets are not told twice, and keys in the scripts of a page are meant for browsers', () => {
    const key = leakedSecrets['an API key'] ?? '';
    expect(createMasker([key]).exposed(`wrong token: ${key}`)).toEqual([]);
    const page = `<!doctype html><script>init("${leakedSecrets['a Google API key']}")</script><h1>404</h1>`;
    expect(masker.exposed(page)).toEqual([]);
    expect(masker.text(page)).toContain('init("<Google API key>")');
  });

  test.each([
    '{"status":"ok","key":"weather"}',
    'The task-force asked for desk-space-in-the-new-building',
    'https://example.com/docs?key=***&page=2',
    'A key begins with AKIA, sk- or ghp_ and goes on.',
    'npm_config_registry and npm_lifecycle_event are variables; glpat- and github_pat_ are beginnings',
    'The webhook is at https://hooks.slack.com/services',
    'A token has three parts: eyJhbGciOiJIUzI1NiJ9.payload.signature',
  ])('none in %s', (text) => {
    expect(masker.text(text)).toBe(text);
    expect(masker.beginning(text, 1_000)).toBe(text);
    expect(masker.exposed(text)).toEqual([]);
  });
});

test('ordinary words are left alone although the secret is one', () => {
  const short = createMasker(['ok', '']);
  expect(short.text('{"status":"ok"}')).toBe('{"status":"ok"}');
  expect(short.echoes('ok')).toBe(false);
});

test('URLs lose their query values and user info', () => {
  const url = new URL('http://user:word@127.0.0.1:3000/mcp?api_key=abc&session=1');
  expect(masker.url(url)).toBe('http://127.0.0.1:3000/mcp?api_key=***&session=***');
});

test('what is concealed is masked, and is neither a leak nor an echo', () => {
  const concealed = 'of-the-lab-1234567890';
  const { text, exposed, echoes } = createMasker([secret], {}, [concealed]);
  const shown = `{"HTTP_PROXY":"http://lab:${concealed}@127.0.0.1:1"}`;
  expect(text(shown)).not.toContain(concealed);
  expect(text(encodeURIComponent(shown))).not.toContain(concealed);
  expect(exposed(shown)).toEqual([]);
  expect(echoes(shown)).toBe(false);
});

test('sent credentials keep their scheme, cookies that are set keep their name', () => {
  expect(masker.sentHeader('authorization', 'Bearer abc')).toBe('Bearer ***');
  expect(masker.sentHeader('x-api-key', 'abc')).toBe('***');
  expect(masker.sentHeader('mcp-session-id', 'abc')).toBe('abc');
  expect(masker.sentHeader('accept', 'text/html')).toBe('text/html');
  expect(masker.receivedHeader('set-cookie', 'sid=abc; HttpOnly')).toBe('sid=***; HttpOnly');
});

test('bodies keep their lines and lose what a terminal obeys', () => {
  expect(withoutControls('a\n\tb\u001b[2J\u0000')).toBe('a\n\tb\ufffd[2J\ufffd');
});

test('messages are one bounded line without control characters', () => {
  expect(singleLine('a\r\n\u001b[31mb\u202ec')).toBe('a [31mb c');
  expect(singleLine('x'.repeat(500))).toHaveLength(300);
});
