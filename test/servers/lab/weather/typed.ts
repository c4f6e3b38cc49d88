const server: string = './server.mjs';
await import(server);
