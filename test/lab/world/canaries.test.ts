import { expect, it } from 'vitest';
import { createCanaries } from '../../../src/lab/world/canaries.ts';

it('a canary is masked by its name in every form', () => {
  const { values, mask, namesIn } = createCanaries(['API_KEY', 'MCP_API_KEY']);
  const key = values.API_KEY ?? '';
  expect(key).toMatch(/^[a-z][a-z0-9]{39}$/);
  expect(values.MCP_API_KEY).not.toBe(key);
  expect(mask(`key=${key}&`)).toBe('key=<canary API_KEY>&');
  const basic = Buffer.from(`user:${key}`).toString('base64');
  expect(mask(basic)).toContain('<canary API_KEY>');
  expect(namesIn(`${basic} ${values.MCP_API_KEY}`).sort()).toEqual(['API_KEY', 'MCP_API_KEY']);
  expect(namesIn('nothing')).toEqual([]);
});

it('no piece of one stays at a cut', () => {
  const { values, beginning } = createCanaries(['API_KEY']);
  const text = `${'x'.repeat(90)}${values.API_KEY}`;
  expect(beginning(text, 100)).toBe(`${'x'.repeat(90)}<canary AP`);
});

it('a value of the user’s own is given and masked; a short one is no leak', () => {
  const { values, mask, namesIn } = createCanaries(['A_KEY'], {
    A_KEY: 'of-the-user-1234567890',
    B_TOKEN: 'demo-token',
    C_KEY: 'first line of a key\nsecond line of a key',
  });
  expect(values).toEqual({ A_KEY: 'of-the-user-1234567890' });
  expect(mask('of-the-user-1234567890 demo-token')).toBe('<canary A_KEY> <canary B_TOKEN>');
  expect(mask('second line of a key')).toBe('<canary C_KEY>');
  expect(namesIn('of-the-user-1234567890 demo-token second line of a key').sort()).toEqual([
    'A_KEY',
    'C_KEY',
  ]);
});

it('a value that the server may find elsewhere is masked and never given', () => {
  const own = [
    { name: 'A_KEY', value: 'of-the-project-1234567890' },
    { name: 'B_KEY', value: 'another-of-it-1234567890' },
  ];
  const { values, mask, namesIn } = createCanaries(['A_KEY'], {}, own);
  expect(values.A_KEY).toMatch(/^[a-z][a-z0-9]{39}$/);
  expect(mask(`of-the-project-1234567890 ${values.A_KEY} another-of-it-1234567890`)).toBe(
    '<canary A_KEY> <canary A_KEY> <canary B_KEY>',
  );
  expect(namesIn('of-the-project-1234567890')).toEqual(['A_KEY']);
});

it('what the lab needs for itself is masked, and no leak is made of it', () => {
  const { values, conceal, mask, namesIn } = createCanaries(['API_KEY']);
  conceal('of-the-lab-1234567890');
  const basic = Buffer.from('lab:of-the-lab-1234567890').toString('base64');
  expect(mask('http://lab:of-the-lab-1234567890@127.0.0.1:1')).toBe(
    'http://lab:<lab credential>@127.0.0.1:1',
  );
  expect(mask(basic)).toContain('<lab credential>');
  expect(namesIn(`of-the-lab-1234567890 ${basic}`)).toEqual([]);
  expect(Object.keys(values)).toEqual(['API_KEY']);
});

it('a secret that is made later is masked from then on, and is none of the server’s variables', () => {
  const { values, add, mask, namesIn, beginning } = createCanaries(['API_KEY']);
  const token = `eyJhbGciOiJSUzI1NiJ9.${'x'.repeat(300)}.signature`;
  expect(mask(token)).toBe(token);
  add('access token', token);
  add('access token', token);
  expect(Object.keys(values)).toEqual(['API_KEY']);
  expect(mask(`Bearer ${token} ${values.API_KEY}`)).toBe('Bearer <canary access token> <canary API_KEY>');
  expect(namesIn(`token=${encodeURIComponent(token)}`)).toEqual(['access token']);
  expect(beginning(`${'y'.repeat(90)}${token}`, 100)).toBe(`${'y'.repeat(90)}<canary ac`);
});
