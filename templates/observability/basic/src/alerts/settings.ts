import * as z from 'zod';

export const alertSettings = {
  /** Takes `{"text": "..."}`, as Slack's incoming webhooks do. The URL is a secret. */
  ALERT_WEBHOOK_URL: z.url({ protocol: /^https?$/, error: 'must be an http or https URL' }).optional(),
};

export type AlertSettings = z.infer<z.ZodObject<typeof alertSettings>>;
