import { postAlert } from '../../parts/webhook.mjs';

/** Tells of every failure. */
export function createAlerts({ alertWebhookUrl }, log) {
  return ({ outcome, tool, error }) => {
    if (outcome !== 'failed' || alertWebhookUrl === undefined) return;
    postAlert(alertWebhookUrl, `${tool} failed: ${error}`, log);
  };
}
