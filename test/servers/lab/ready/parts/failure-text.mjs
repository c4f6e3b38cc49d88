/** What the caller is told when the weather could not be had. */
export function failureText(error) {
  return `The weather service gave no answer that could be used (${error.message}). Try again in a minute.`;
}
