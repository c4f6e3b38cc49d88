import { createService as create } from '../../parts/service.mjs';

/** Takes whatever stands in the arguments for a city. */
export async function createService(settings, log) {
  const service = await create(settings, log);
  const taken = ({ params, ...message }) => {
    const city = String(params?.arguments?.city ?? 'London');
    return { ...message, params: { ...params, arguments: { city } } };
  };
  return {
    ...service,
    answer: (message, requestId) =>
      service.answer(message?.method === 'tools/call' ? taken(message) : message, requestId),
  };
}
