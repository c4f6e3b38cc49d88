/** No line can be found by a request. */
export function requestIdOf() {
  return undefined;
}
