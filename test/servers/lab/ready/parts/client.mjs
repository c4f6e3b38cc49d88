/** Who a request counts for: its credential, which was checked before, else the address of its connection. */
export function clientOf(request, { apiKey }) {
  return apiKey === undefined ? request.socket.remoteAddress : 'the key';
}
