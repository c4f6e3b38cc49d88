/** Words in placeholders. */
const fillers = new Set(
  `a an and api app apikey auth bar baz be build bearer change changeme ci client default demo dev development dummy
   enter env example fake fill foo for from generate goes here in insert is it key later local localhost me mock my
   no none not null of or own pass passwd password placeholder please postgres put real replace replaceme required
   root sample secret set some something string test testing the this to todo token undefined unset use user value
   with xxx you your`.split(/\s+/),
);

const unmistakable =
  /example|changeme|change[-_ ]?me|placeholder|replace[-_ ]?(?:me|this|with)|your[-_ ]|[-_ ]here\b|insecure|dummy|x{4,}|\*{3,}|\.{3}|^<.*>$|^\[.*\]$/i;

/** References to values from a shell, compose, templates, CI or secret stores. */
const reference =
  /\$[({A-Za-z_]|\{\{|<%|%[A-Za-z_]+%|`|^(?:vault|op|sm|ssm|secretref|secret|env|arn|awssm|gcpsm|doppler|infisical|file):|^@|!secret/i;

/**
 * Whether a value is clearly not a secret: empty, a placeholder, a reference, a switch, a number, a path or an address.
 *
 * @param name may be its own placeholder: `weather-api-key` for `WEATHER_API_KEY`
 */
export function isHarmless(name: string, value: string): boolean {
  const text = value.slice(0, 2_000).trim();
  if (text.length < 6) return true;
  if (unmistakable.test(text) || reference.test(text)) return true;
  if (/^(?:true|false|enabled|disabled|optional|[-+]?[\d.,_]+\s?[a-zA-Z]{0,3})$/i.test(text)) return true;
  if (/^(?:\.{0,2}\/|~\/|[A-Za-z]:\\)/.test(text) && !/^[A-Za-z0-9+/]{30,}={0,2}$/.test(text)) return true;
  if (/^[a-z][a-z\d+.-]*:\/\/[^@]*$/i.test(text)) return true;
  if (new Set(text).size < 4) return true;
  const own = new Set(name.toLowerCase().split(/[^a-z]+/));
  const words = text
    // `demodemo` counts as `demo`.
    .replace(/^([a-z]{3,20}?)\1+$/i, '$1')
    .replace(/([a-z])([A-Z])/g, '$1-$2')
    .toLowerCase()
    .split(/[^a-z]+/)
    .filter((word) => word !== '');
  if (words.length === 0 || /\d{3}/.test(text)) return false;
  return words.every((word) => fillers.has(word) || own.has(word));
}

/** Whether a value with the form of a secret is a placeholder from documentation. */
export function isPlaceholder(value: string): boolean {
  return /x{8}|X{8}|0{12}|\*{4}|example|EXAMPLE|your|YOUR/.test(value);
}
