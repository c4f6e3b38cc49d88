/** Variables to name in one sentence. */
const maxNames = 3;

/** Two words at least. The lab's own masks contain names, too. */
const upperSnake = /(?<![A-Za-z0-9_])[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+(?![A-Za-z0-9_])/g;

/** Names of errors and of runtimes, not of settings. */
const code =
  /^(?:ERR|HTTP|UND|SQLITE|SSL|TLS|CERT|UNABLE|DEPTH|SELF|INVALID|UNKNOWN|MISSING|FAILED|NOT|RUST|NODE)_|_(?:FOUND|DENIED|EXPIRED|REFUSED|FAILED|ERROR|INVALID|UNAVAILABLE|TIMEOUT|EXCEEDED|REJECTION|REQUIRED|ARGUMENT|SIGNATURE)$/;

/** Words beside a variable that is not set. */
const absent =
  /\b(?:missing|required?|requires|unset|undefined|empty|environ(?:ment)?|env|must|export|provide|provided|specify|expected|needs?|set|defined|configured|cannot find|could not find|not found|no value|KeyError)\b/i;

/** A name of one word needs to be called a variable. */
const called = [
  /\b(?:[Ee]nvironment|[Ee]nv) var(?:iable)?s?:?\s["'`$]{0,2}([A-Z][A-Z0-9_]+)/g,
  /["'`]?\b([A-Z][A-Z0-9_]+)\b["'`]? (?:environment|env) var/g,
  /\b(?:process\.env\.|os\.environ\[['"]|KeyError: ['"])([A-Z][A-Z0-9_]+)/g,
];

/** A required field of pydantic's settings, which read the variable of that name in capitals. */
const settingsField = /[:;] ([a-z][a-z0-9_]*): field required/gi;

/**
 * The variables that a message of a program calls missing.
 *
 * @returns at most three, without names of errors such as `ERR_MODULE_NOT_FOUND`
 */
export function missingVariables(message: string): string[] {
  const text = message.slice(0, 2_000).replace(/<canary [^<>]{1,200}>/g, '');
  const sentences = text.split(/(?<=[.!?;])\s/).filter((sentence) => absent.test(sentence));
  const names = [
    ...sentences.flatMap((sentence) => sentence.match(upperSnake) ?? []),
    ...called.flatMap((pattern) => [...text.matchAll(pattern)].map(([, name]) => name ?? '')),
    ...(/validation errors? for \w*(?:settings|config|env)/i.test(text)
      ? [...text.matchAll(settingsField)].map(([, name]) => (name ?? '').toUpperCase())
      : []),
  ];
  return [...new Set(names)].filter((name) => !code.test(name)).slice(0, maxNames);
}
