/** Tells the caller the address that was asked, with the key in it. */
export function failureText(error) {
  return `Request to ${error.url} failed: ${error.message}`;
}
