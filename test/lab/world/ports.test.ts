import { expect, it } from 'vitest';
import { freePort } from '../../../src/lab/world/launcher/ports.ts';

it('a server that takes the port beside its own meets nobody else of the lab there', async () => {
  const ports: number[] = [];
  for (let given = 0; given < 60; given += 1) ports.push(await freePort());
  ports.sort((one, other) => one - other);
  const apart = ports.slice(1).map((port, index) => port - (ports[index] ?? port));
  expect(Math.min(...apart)).toBeGreaterThan(10);
});
