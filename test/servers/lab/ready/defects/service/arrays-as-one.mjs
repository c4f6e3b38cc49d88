import { createService as create } from '../../parts/service.mjs';

/** Answers all requests of an array, which the limit has counted as one. */
export async function createService(settings, log) {
  const service = await create(settings, log);
  const answer = async (message, requestId) => {
    if (!Array.isArray(message)) return service.answer(message, requestId);
    const replies = await Promise.all(message.map((one) => service.answer(one, requestId)));
    return replies.filter((reply) => reply !== undefined);
  };
  return { ...service, answer };
}
