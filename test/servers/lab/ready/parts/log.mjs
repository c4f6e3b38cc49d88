/** Writes one object of JSON a line. */
export function createLog(stream) {
  const writer = (level) => (msg, fields) => {
    stream.write(`${JSON.stringify({ time: new Date().toISOString(), level, msg, ...fields })}\n`);
  };
  return { info: writer('info'), warn: writer('warn'), error: writer('error') };
}
