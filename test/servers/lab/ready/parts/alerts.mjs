import { postAlert } from './webhook.mjs';

const failuresInARow = 3;
const quietMs = 60_000;

/** Tells the webhook when calls fail one after the other, at most once a minute. */
export function createAlerts({ alertWebhookUrl }, log) {
  let inARow = 0;
  let quietUntil = 0;
  return ({ outcome, tool, error }) => {
    if (outcome === 'ok') inARow = 0;
    if (outcome !== 'failed' || alertWebhookUrl === undefined) return;
    inARow += 1;
    if (inARow < failuresInARow || Date.now() < quietUntil) return;
    quietUntil = Date.now() + quietMs;
    postAlert(alertWebhookUrl, `${tool} failed ${inARow} times in a row: ${error}`, log);
  };
}
