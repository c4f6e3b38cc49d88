/** The newest revision of the legacy era, which has sessions. */
export const legacyRevision = '2025-11-25';
/** The newest revision of the modern era, which has no sessions. */
export const modernRevision = '2026-07-28';
/** The only revision with JSON-RPC arrays ("Sending Messages to the Server" there). */
export const revisionWithArrays = '2025-03-26';
/** The only revision with HTTP+SSE ("Transports" there). */
export const sseRevision = '2024-11-05';
