/** A request counts until its answer succeeds. */
export function createRateLimit({ rateLimit, rateWindowMs }) {
  const failures = new Map();
  return (client, response) => {
    failures.set(client, (failures.get(client) ?? 0) + 1);
    response.once('close', () => {
      if (response.statusCode < 400) failures.set(client, failures.get(client) - 1);
    });
    return failures.get(client) <= rateLimit ? 0 : rateWindowMs / 1_000;
  };
}
