/** Who a request counts for: its credential, which was checked before, else the address of its connection. */
export function clientOf(request, key, { apiKeys }) {
  return apiKeys === undefined ? request.socket.remoteAddress : `key ${key}`;
}
