/**
 * Like `Promise.all`, but it rejects only when all have settled, so that cleaning up afterwards disturbs none of them.
 *
 * @throws the error of the first rejected one, in their order
 */
export async function settleAll<const T extends readonly unknown[]>(
  work: T,
): Promise<{ -readonly [K in keyof T]: Awaited<T[K]> }> {
  await Promise.allSettled(work);
  return Promise.all(work) as Promise<{ -readonly [K in keyof T]: Awaited<T[K]> }>;
}
