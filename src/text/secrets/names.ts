/** Words that name a secret when they end a name: `OPENWEATHER_API_KEY`, `db-password`, `clientSecret`. */
const secretWords = new Set(
  `apikey authtoken credential credentials creds key pass passphrase passwd password pat pwd secret
   secretkey token`.split(/\s+/),
);

/** Written without a separator: `WEBPASSWORD`. */
const joined = /(?:password|apikey|secretkey|accesskey|authtoken|clientsecret)$/;

/** Words that may follow the name of a secret: `SECRET_KEY_BASE`, `API_KEY_PROD`. */
const trailingWords = new Set(['base', 'dev', 'live', 'prod', 'production', 'staging', 'test', 'value']);

/** Words of keys and tokens that are public, index values, or counts. */
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
 * Whether the name of a variable shows that its value is a secret. Locations (`*_FILE`, `*_URL`), names (`*_HEADER`, `*_ID`) and
 * counts (`MAX_TOKENS`) are no secrets.
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

const secretPart =
  /key|token|secret|passw|pwd|credential|creds|auth|salt|private|cookie|session|dsn|webhook/i;

/** Whether output should hide a value with this name, even without a finding. */
export function mayHoldSecret(name: string): boolean {
  return secretPart.test(name);
}

const credentialName = /key|token|secret|auth|session|password|^cookie$/i;

/** Authentication schemes in records. Any other first word may be a piece of the secret. */
export const credentialScheme = /^(bearer|basic|token|apikey|digest)\s+/i;

/** Whether a header, query parameter or cookie of this name usually carries a credential. */
export function namesCredential(name: string): boolean {
  return credentialName.test(name);
}
