/** Nothing is told of a call. */
export function logCall() {}
