/** Words that name a secret when they end a name: `OPENWEATHER_API_KEY`, `db-password`, `clientSecret`. */
const secretWords = new Set(
  `apikey authtoken credential credentials creds key pass passphrase passwd password pat pwd secret
   secretkey token`.split(/\s+/),
);

/** Written without a separator: `WEBPASSWORD`. */
const joined = /(?:password|apikey|secretkey|accesskey|authtoken|clientsecret)$/;

/** Words that may follow without making it something else: `SECRET_KEY_BASE`, `API_KEY_PROD`. */
const trailingWords = new Set(['base', 'dev', 'live', 'prod', 'production', 'staging', 'test', 'value']);

/** Keys and tokens that are no secret: they are published, they are looked up, or they are counted. */
const harmlessWords = new Set(
  `anon anonymous cache foreign fingerprint gpg host idempotency index label map max metadata min node
   partition pgp pk primary pub public publishable site sitekey sort stop vapid`.split(/\s+/),
);

/** `MCP_apiKey-1` → `mcp`, `api`, `key`. */
function wordsOf(name: string): string[] {
  return name
    .slice(0, 200)
    .replace(/([a-z\d])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .split(/[^a-z\d]+/)
    .map((word) => word.replace(/(?<!\d)\d+$/, ''))
    .filter((word) => word !== '');
}

/**
 * Whether a variable's name alone says that its value is a secret. Names of where a secret is (`*_FILE`, `*_URL`), of
 * what it is called (`*_HEADER`, `*_ID`) and of how many there may be (`MAX_TOKENS`) say no such thing.
 */
export function holdsSecret(name: string): boolean {
  const words = wordsOf(name);
  while (words.length > 1 && trailingWords.has(words.at(-1) ?? '')) words.pop();
  const last = words.at(-1);
  if (last === undefined || !(secretWords.has(last) || joined.test(last))) return false;
  if (words.some((word) => harmlessWords.has(word))) return false;
  // PWD alone is the working directory, PASS a verdict, and KEY any key.
  return words.length > 1 || !['pwd', 'pass', 'pat', 'key'].includes(last);
}

const telltale = /key|token|secret|passw|pwd|credential|creds|auth|salt|private|cookie|session|dsn|webhook/i;

/** Whether a value under this name is better not shown, even where nobody is accused. */
export function mayHoldSecret(name: string): boolean {
  return telltale.test(name);
}

const credentialName = /key|token|secret|auth|session|password|^cookie$/i;

/** Authentication schemes that may be recorded: another first word could be a piece of the secret. */
export const credentialScheme = /^(bearer|basic|token|apikey|digest)\s+/i;

/** Whether a header, query parameter or cookie of this name usually carries a credential. */
export function namesCredential(name: string): boolean {
  return credentialName.test(name);
}
