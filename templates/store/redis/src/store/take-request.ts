import type { Redis, Result } from 'ioredis';

declare module 'ioredis' {
  interface RedisCommander<Context> {
    /**
     * Counts `count` requests in the sliding window at `key`, if the limit allows them all; see sliding-window.ts. One round
     * trip, atomic, by the clock of Redis. Times in ms.
     *
     * @returns 1 or 0 for allowed or not, how many are left, and `resetMs` of a Verdict
     */
    takeRequest(
      key: string,
      windowMs: number,
      limit: number,
      stepMs: number,
      count: number,
      needed: number,
    ): Result<[allowed: number, remaining: number, resetMs: number], Context>;
  }
}

// The value is a list of {from, to, count}, oldest first. MemoryLimiter does the same in memory.
const script = `
local window, limit, step = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local count, needed = tonumber(ARGV[4]), tonumber(ARGV[5])
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
local allowed = total + count <= limit
if allowed then
  total = total + count
  local newest = bursts[#bursts]
  if newest and now - newest[1] < step then
    newest[2] = now
    newest[3] = newest[3] + count
  else
    bursts[#bursts + 1] = { now, now, count }
  end
  redis.call('SET', KEYS[1], cmsgpack.pack(bursts), 'PX', window)
end
local left, forgotten = total, now
for _, burst in ipairs(bursts) do
  left, forgotten = left - burst[3], burst[2]
  if allowed or left + needed <= limit then
    break
  end
end
return { allowed and 1 or 0, math.max(0, limit - total), forgotten + window - now }
`;

/** Teaches a client the command. It sends the script once and its digest from then on. */
export function defineTakeRequest(redis: Redis): void {
  redis.defineCommand('takeRequest', { numberOfKeys: 1, lua: script });
}
