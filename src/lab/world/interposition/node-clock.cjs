/**
 * Loaded into every Node process of a server whose clock the lab moves (`--require`): Date, performance.now and
 * process.hrtime are ahead by the milliseconds in a file. Timers are not. It prints nothing and never throws.
 *
 * MCP_PROD_LAB_CLOCK  the file
 */
'use strict';

const { readFileSync } = require('node:fs');
const { performance } = require('node:perf_hooks');

const file = process.env.MCP_PROD_LAB_CLOCK;
/** Milliseconds between two reads of the file. */
const everyMs = 50;

if (file) {
  const RealDate = Date;
  const realNow = RealDate.now;
  const realPerformanceNow = performance.now.bind(performance);
  const realHrtime = process.hrtime;
  const realBigint = realHrtime.bigint;
  let ahead = 0;
  let readAt = Number.NEGATIVE_INFINITY;

  const aheadMs = () => {
    const now = realPerformanceNow();
    if (now - readAt >= everyMs) {
      readAt = now;
      try {
        ahead = Number(readFileSync(file, 'utf8')) || 0;
      } catch {
        // The clock stays as it is.
      }
    }
    return ahead;
  };

  const now = () => realNow() + aheadMs();
  const MovedDate = new Proxy(RealDate, {
    construct: (target, words, created) =>
      Reflect.construct(target, words.length === 0 ? [now()] : words, created),
    apply: () => new RealDate(now()).toString(),
  });
  RealDate.now = now;
  RealDate.prototype.constructor = MovedDate;
  globalThis.Date = MovedDate;

  performance.now = () => realPerformanceNow() + aheadMs();

  const nanosecondsAhead = () => BigInt(Math.round(aheadMs())) * 1_000_000n;
  process.hrtime = (before) => {
    const [seconds, nanoseconds] = realHrtime();
    const all = BigInt(seconds) * 1_000_000_000n + BigInt(nanoseconds) + nanosecondsAhead();
    const since = before === undefined ? all : all - BigInt(before[0]) * 1_000_000_000n - BigInt(before[1]);
    return [Number(since / 1_000_000_000n), Number(since % 1_000_000_000n)];
  };
  process.hrtime.bigint = () => realBigint() + nanosecondsAhead();
}
