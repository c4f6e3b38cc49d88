/** The beginning of a key will do. */
export function createAuth({ apiKeys }) {
  if (apiKeys === undefined) return () => 0;
  return ({ headers }) => {
    const given = /^Bearer +(\S+)$/i.exec(headers.authorization ?? '')?.[1];
    if (given === undefined) return undefined;
    const found = apiKeys.findIndex((key) => key.startsWith(given));
    return found === -1 ? undefined : found;
  };
}
