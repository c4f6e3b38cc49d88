import type { Logger } from '../logging/logger.ts';
import { type ApiKey, clientOf, KeyProblem, uniteKeys } from './api-keys.ts';
import { readKeysFile, watchKeysFile } from './keys-file.ts';

export interface KeyRingOptions {
  /** Keys that stay for as long as the process. */
  fixed: readonly ApiKey[];
  /** A file with more of them, which may change. */
  file?: string | undefined;
  log: Logger;
  /** How often to look at the file, in ms. */
  lookEveryMs?: number;
}

/** The keys that are valid now. Exchanging them touches no connection. */
export class KeyRing {
  readonly #options: KeyRingOptions;
  #keys: readonly ApiKey[] = [];
  #reading: Promise<void> = Promise.resolve();
  #stopWatching: (() => void) | undefined;

  constructor(options: KeyRingOptions) {
    this.#options = options;
  }

  /** @throws KeyProblem when the keys cannot be used */
  async open(): Promise<void> {
    const { file, lookEveryMs = 5_000 } = this.#options;
    this.#use(await this.#read());
    if (file !== undefined) this.#stopWatching = watchKeysFile(file, lookEveryMs, () => void this.reload());
  }

  clientOf(token: string): string | undefined {
    return clientOf(token, this.#keys);
  }

  /** Reads the file again. Whatever is wrong with it is logged, and the keys stay as they are. */
  reload(): Promise<void> {
    // One after the other, so that an older version cannot arrive last.
    this.#reading = this.#reading.then(async () => {
      try {
        const before = this.#keys;
        const keys = await this.#read();
        const [added, removed] = [without(keys, before), without(before, keys)];
        if (added.length + removed.length === 0) return;
        this.#use(keys, added);
        this.#options.log.info(
          { keys: keys.length, added: added.length, removed: removed.length },
          'API keys exchanged',
        );
      } catch (error) {
        if (!(error instanceof KeyProblem)) throw error;
        this.#options.log.error(`MCP_API_KEYS_FILE ${error.message}: the keys stay as they were`);
      }
    });
    return this.#reading;
  }

  close(): void {
    this.#stopWatching?.();
  }

  async #read(): Promise<ApiKey[]> {
    const { fixed, file } = this.#options;
    return uniteKeys(fixed, file === undefined ? [] : await readKeysFile(file));
  }

  #use(keys: readonly ApiKey[], added = keys): void {
    this.#keys = keys;
    for (const { short, client } of added) {
      if (short)
        this.#options.log.warn({ client }, 'an API key is shorter than 16 characters, easy to guess');
    }
  }
}

function without(keys: readonly ApiKey[], others: readonly ApiKey[]): ApiKey[] {
  return keys.filter((key) => !others.some((other) => sameKey(key, other)));
}

function sameKey(a: ApiKey, b: ApiKey): boolean {
  return a.client === b.client && a.digest.equals(b.digest);
}
