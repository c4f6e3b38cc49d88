import * as z from 'zod';
import { wholeNumber } from '../config.ts';
import { authSettings } from './auth.ts';
import { connectionSettings } from './front-door.ts';
import { accessSettings } from './host-and-origin.ts';
import { rateLimitSettings } from './rate-limit.ts';
import { shutdownSettings } from './shutdown.ts';
import { streamSettings } from './streams.ts';
import { proxySettings } from './trusted-proxies.ts';

export const httpSettings = {
  /** 0 takes any free port; the log says which. */
  PORT: wholeNumber(0, 65_535).default(3000),
  /** Loopback unless told otherwise; the image sets 0.0.0.0. */
  HOST: z.string().default('127.0.0.1'),
  ...connectionSettings,
  ...shutdownSettings,
  ...accessSettings,
  ...proxySettings,
  ...authSettings,
  ...rateLimitSettings,
  ...streamSettings,
};

export type HttpSettings = z.infer<z.ZodObject<typeof httpSettings>>;
