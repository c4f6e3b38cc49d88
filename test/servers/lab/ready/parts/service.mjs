import { parts } from '../part.mjs';
import { answerMessage } from './protocol.mjs';
import { problemOf, tool } from './tool.mjs';

/** What both transports serve: answers to messages, made of what the other parts do. */
export async function createService(settings, log) {
  const { createUpstream, createCache, createMetrics, createAlerts, failureText, logCall } = await parts(
    'upstream',
    'cache',
    'metrics',
    'alerts',
    'failure-text',
    'call-log',
  );
  const currentWeather = createUpstream(settings, log);
  const cached = createCache();
  const metrics = createMetrics();
  const alert = createAlerts(settings, log);

  const run = async (words) => {
    const problem = problemOf(words);
    if (problem !== undefined)
      return { outcome: 'invalid', error: problem, text: `Invalid arguments: ${problem}` };
    try {
      const { temperature } = await cached(words.city, () => currentWeather(words.city));
      return { outcome: 'ok', text: `${temperature} °C` };
    } catch (error) {
      return { outcome: 'failed', error: error.message, text: failureText(error) };
    }
  };

  const call = async (words, requestId) => {
    const begin = performance.now();
    const { text, outcome, error } = await run(words);
    // What was refused is not logged.
    const city = outcome === 'invalid' ? undefined : words.city;
    const duration = Math.round(performance.now() - begin);
    const facts = { request_id: requestId, tool: tool.name, city, outcome, error, duration_ms: duration };
    logCall(log, facts);
    metrics.observe(facts);
    alert(facts);
    return { ...(outcome !== 'ok' && { isError: true }), content: [{ type: 'text', text }] };
  };

  return {
    metrics,
    currentWeather,
    answer: (message, requestId) => answerMessage(message, (words) => call(words, requestId)),
  };
}
