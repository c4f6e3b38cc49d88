/** Lines for people: nothing is forged in them, and no machine reads them. */
export function createLog(stream) {
  const writer =
    (level) =>
    (msg, fields = {}) => {
      const rest = Object.entries(fields)
        .filter(([, value]) => value !== undefined)
        .map(([name, value]) => ` ${name}=${JSON.stringify(value)}`);
      stream.write(`${new Date().toISOString()} ${level.toUpperCase()} ${msg}${rest.join('')}\n`);
    };
  return { info: writer('info'), warn: writer('warn'), error: writer('error') };
}
