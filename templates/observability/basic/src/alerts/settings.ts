import type * as z from 'zod';
import { httpUrl } from '../config.ts';

export const alertSettings = {
  /** Takes `{"text": "..."}`, as Slack's incoming webhooks do. The URL is a secret. */
  ALERT_WEBHOOK_URL: httpUrl().optional(),
};

export type AlertSettings = z.infer<z.ZodObject<typeof alertSettings>>;
