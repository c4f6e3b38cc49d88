import { stalledUpstreamHistory } from './stalled-upstream.ts';

/** As where the upstream stalls: here it sends its response a byte at a time, every `dripMs` of the gateway. */
export const drippingUpstreamHistory = stalledUpstreamHistory;
