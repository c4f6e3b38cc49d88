// How long a shutdown waits for bodies that are still on their way. Nothing has been done for them yet.
const arrivalGraceMs = 1_000;

/**
 * Knows what is being worked on, so that a shutdown can wait for exactly that. Work is any object that stands for it: the
 * response of a request, or a call whose answer goes out on a stream.
 */
export class Drain {
  readonly #arriving = new Set<object>();
  readonly #open = new Set<object>();
  #phase: 'open' | 'leaving' | 'refusing' | 'over' = 'open';
  #check: (() => void) | undefined;

  /** Whether the shutdown has begun: load balancers should look elsewhere. */
  get started(): boolean {
    return this.#phase !== 'open';
  }

  /** Whether new work is to be refused. */
  get refusing(): boolean {
    return this.#phase === 'refusing' || this.#phase === 'over';
  }

  /** How much is being worked on. */
  get size(): number {
    return this.#open.size;
  }

  /** Counts a request whose body is still on its way. */
  arrive(work: object): void {
    this.#arriving.add(work);
  }

  /** Counts work that begins. False: nobody waits any more, refuse it. */
  begin(work: object): boolean {
    this.#arriving.delete(work);
    if (this.#phase === 'over') return false;
    this.#open.add(work);
    return true;
  }

  /** Stops counting: it is done, or nobody should wait for it. */
  end(work: object): void {
    if (this.#open.delete(work) || this.#arriving.delete(work)) this.#check?.();
  }

  /** Begins the shutdown while work is still taken on. */
  announce(): void {
    if (this.#phase === 'open') this.#phase = 'leaving';
  }

  /** Begins to refuse new work, and waits for what is open. Returns how much still is after `timeoutMs`. */
  async finish(timeoutMs: number): Promise<number> {
    this.#phase = 'refusing';
    await new Promise<void>((resolve) => {
      const giveUp = setTimeout(resolve, timeoutMs);
      const forget = setTimeout(
        () => {
          this.#arriving.clear();
          this.#check?.();
        },
        Math.min(arrivalGraceMs, timeoutMs),
      );
      this.#check = () => {
        if (this.#open.size + this.#arriving.size > 0) return;
        clearTimeout(giveUp);
        clearTimeout(forget);
        resolve();
      };
      this.#check();
    });
    this.#phase = 'over';
    return this.#open.size;
  }
}
