/** Tells the caller where in the program the error came from. */
export function failureText(error) {
  return error.stack;
}
