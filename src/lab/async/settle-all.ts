/**
 * Like `Promise.all`, but it rejects only when all are over: whoever cleans up after it cleans up behind nobody who still
 * works.
 *
 * @throws what the first of them in order threw
 */
export async function settleAll<const T extends readonly unknown[]>(
  work: T,
): Promise<{ -readonly [K in keyof T]: Awaited<T[K]> }> {
  await Promise.allSettled(work);
  return Promise.all(work) as Promise<{ -readonly [K in keyof T]: Awaited<T[K]> }>;
}
