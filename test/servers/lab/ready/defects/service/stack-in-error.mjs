import { createService as create } from '../../parts/service.mjs';

/** Tells whoever asks where an error came from. */
export async function createService(settings, log) {
  const service = await create(settings, log);
  return {
    ...service,
    answer: async (message, requestId) => {
      const reply = await service.answer(message, requestId);
      if (reply?.error !== undefined) reply.error.data = { stack: new Error(reply.error.message).stack };
      return reply;
    },
  };
}
