import { createEvents, type Events } from './events.ts';
import type { CoreSettings } from './settings.ts';
import type { Store } from './store/contract.ts';
import { createStore } from './store/store.ts';
import { createWeather, type Weather } from './weather/weather.ts';

/** What lasts as long as the process, and what tools, resources and the HTTP server work with. */
export interface Services {
  events: Events;
  store: Store;
  weather: Weather;
  close(): Promise<void>;
}

export function createServices(settings: CoreSettings): Services {
  const events = createEvents();
  const store = createStore(settings, events);
  const weather = createWeather(settings, { store, events });
  return {
    events,
    store,
    weather,
    close: async () => {
      await weather.close();
      await store.close();
    },
  };
}
