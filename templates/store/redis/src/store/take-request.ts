import type { Redis, Result } from 'ioredis';

declare module 'ioredis' {
  interface RedisCommander<Context> {
    /**
     * Counts one request in the sliding window at `key`, if the limit allows it; see sliding-window.ts. One round trip,
     * atomic, by the clock of Redis. Times in ms.
     *
     * @returns 1 or 0 for allowed or not, how many are left, and in how many ms the oldest is forgotten
     */
    takeRequest(
      key: string,
      windowMs: number,
      limit: number,
      stepMs: number,
    ): Result<[allowed: number, remaining: number, resetMs: number], Context>;
  }
}

// The value is a list of {from, to, count}, oldest first. MemoryLimiter does the same in memory.
const script = `
local window, limit, step = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local packed = redis.call('GET', KEYS[1])
local bursts, total = {}, 0
for _, burst in ipairs(packed and cmsgpack.unpack(packed) or {}) do
  if burst[2] + window > now then
    bursts[#bursts + 1] = burst
    total = total + burst[3]
  end
end
local allowed = total < limit
if allowed then
  total = total + 1
  local newest = bursts[#bursts]
  if newest and now - newest[1] < step then
    newest[2] = now
    newest[3] = newest[3] + 1
  else
    bursts[#bursts + 1] = { now, now, 1 }
  end
  redis.call('SET', KEYS[1], cmsgpack.pack(bursts), 'PX', window)
end
return { allowed and 1 or 0, math.max(0, limit - total), bursts[1][2] + window - now }
`;

/** Teaches a client the command. It sends the script once and its digest from then on. */
export function defineTakeRequest(redis: Redis): void {
  redis.defineCommand('takeRequest', { numberOfKeys: 1, lua: script });
}
