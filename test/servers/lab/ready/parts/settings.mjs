const numbers = { PORT: 3_000, RATE_LIMIT: 60, RATE_WINDOW: 60, UPSTREAM_TIMEOUT_MS: 1_500 };

/**
 * Ends the process with a line that names every variable that is missing or wrong.
 *
 * @param secrets names of variables that have to be there
 */
export function readSettings(secrets, log) {
  const { env } = process;
  const problems = [
    ...secrets.filter((name) => !env[name]?.trim()).map((name) => `${name} is missing`),
    ...Object.keys(numbers)
      .filter((name) => env[name] && !/^[1-9]\d{0,8}$/.test(env[name]))
      .map((name) => `${name} is no positive number`),
    ...(env.ALERT_WEBHOOK_URL && !URL.canParse(env.ALERT_WEBHOOK_URL) ? ['ALERT_WEBHOOK_URL is no URL'] : []),
  ];
  if (problems.length > 0) {
    log.error(`Invalid settings: ${problems.join(', ')}`);
    process.exit(1);
  }
  return settingsOf(env);
}

export function settingsOf(env) {
  const number = (name) => Number(env[name] || numbers[name]);
  return {
    port: number('PORT'),
    host: env.HOST || '127.0.0.1',
    weatherApiKey: env.WEATHER_API_KEY ?? '',
    /** One for each client; undefined: everybody may call. */
    apiKeys: env.MCP_AUTH === 'none' ? undefined : (env.MCP_API_KEY ?? '').split(','),
    rateLimit: number('RATE_LIMIT'),
    rateWindowMs: number('RATE_WINDOW') * 1_000,
    upstreamTimeoutMs: number('UPSTREAM_TIMEOUT_MS'),
    alertWebhookUrl: env.ALERT_WEBHOOK_URL,
  };
}
