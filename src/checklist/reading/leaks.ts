/** What an error page gives away about the inside of a server, by the shapes that runtimes and vendors' keys have. */
const shapes: readonly { what: string; pattern: RegExp }[] = [
  {
    what: 'a JavaScript stack trace',
    pattern: /(?:^|\s)at [^\n()]{1,200} ?\(?(?:file:\/\/|\/|[A-Z]:\\)[^\n)]{1,300}:\d+:\d+/,
  },
  {
    what: 'a Python traceback',
    pattern: /Traceback \(most recent call last\)|File "[^"\n]{1,300}", line \d+/,
  },
  { what: 'a Java stack trace', pattern: /\bat [\w.$]{1,200}\([\w]{1,100}\.java:\d+\)/ },
  { what: 'a Go stack trace', pattern: /\bgoroutine \d+ \[/ },
  { what: 'a private key', pattern: /-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----/ },
  {
    what: 'an API key',
    pattern:
      /\b(?:AKIA[0-9A-Z]{16}|sk-[A-Za-z0-9_-]{20,}|gh[pousr]_[A-Za-z0-9]{36}|xox[abprs]-[\w-]{10,}|AIza[\w-]{35})\b/,
  },
  {
    what: 'a URL with a key in it',
    pattern: /https?:\/\/[^\s"'<>]{1,500}[?&](?:appid|api_?key|key|token|access_token|secret)=[\w.-]{16,}/i,
  },
  {
    what: 'an absolute path',
    pattern:
      /(?:^|[\s"'(:>])(?:\/(?:home|usr|app|opt|srv|var|root|Users|workspace)\/[\w.@-]+\/[\w./@-]*|[A-Z]:\\[\w. -]+\\[\w.\\ -]*)/,
  },
];

/**
 * The first thing that the text gives away, for a person ("a Python traceback"), or undefined.
 *
 * @param asked the path of the request: an answer that repeats it tells nothing new
 */
export function leakIn(text: string, asked?: string): string | undefined {
  // JSON carries newlines and backslashes escaped; what a client reads is what it decodes.
  const decoded = visible(text).replaceAll('\\n', '\n').replaceAll('\\\\', '\\').replaceAll('\\"', '"');
  const told = asked === undefined ? decoded : without(decoded, asked);
  return shapes.find(({ pattern }) => pattern.test(told))?.what;
}

/** What a page shows: the paths in its markup and scripts are paths of the web, not of the machine. */
function visible(text: string): string {
  if (!/^\s*</.test(text)) return text;
  return text
    .replace(/<(script|style)\b[\s\S]*?<\/\1>/gi, ' ')
    .replace(/<(?:br|p|div|li|tr)\b[^>]{0,2000}>/gi, '\n')
    .replace(/<[^>]{0,2000}>/g, ' ')
    .replaceAll('&nbsp;', ' ')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&#x27;', "'")
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>');
}

/** The text without the path where it stands alone, not as a piece of a longer one. */
function without(text: string, path: string): string {
  const pieces = text.split(path);
  return pieces.reduce((result, piece) =>
    /[\w./@-]$/.test(result) || /^[\w./@-]/.test(piece) ? result + path + piece : result + piece,
  );
}
