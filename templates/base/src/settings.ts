import type * as z from 'zod';
import { observerSettings } from './observers.ts';
import { storeSettings } from './store/store.ts';
import { providerSettings } from './weather/provider.ts';
import { weatherSettings } from './weather/settings.ts';

/** What the server needs to know however it is reached; http/settings.ts has the rest. */
export const coreSettings = {
  ...observerSettings,
  ...providerSettings,
  ...weatherSettings,
  ...storeSettings,
};

export type CoreSettings = z.infer<z.ZodObject<typeof coreSettings>>;
