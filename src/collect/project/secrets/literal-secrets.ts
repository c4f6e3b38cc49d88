import type { Place } from '../../../evidence/declared.ts';
import type { LiteralSecret } from '../../../evidence/project.ts';
import { findSecrets, maskSecrets } from '../../../text/secrets/catalogue.ts';
import { holdsSecret, mayHoldSecret } from '../../../text/secrets/names.ts';
import { isHarmless } from '../../../text/secrets/placeholder.ts';
import { bounded, lineFinder } from '../files/text.ts';

export const masked = '[masked]';

const byName = 'a literal value';

/** More would only repeat the finding. */
const secretLimit = 200;
/** All that are masked; a project has not so many, and each makes masking a little slower. */
const valueLimit = 1_000;

/** In the text of one command; more say nothing new. */
const commandLimit = 200;

/** What one run has found. The values stay in memory, so that the evidence can be cleared of them. */
export interface Secrets {
  found: LiteralSecret[];
  values: Set<string>;
}

export function noSecrets(): Secrets {
  return { found: [], values: new Set() };
}

/** Whether nothing that is still found would be kept. */
export const isFull = ({ found, values }: Secrets): boolean =>
  found.length >= secretLimit && values.size >= valueLimit;

/** Has the value masked wherever the evidence repeats it, also where it makes no finding of its own. */
function remember({ values }: Secrets, value: string): void {
  if (values.size < valueLimit) values.add(value);
}

function add(secrets: Secrets, secret: LiteralSecret, value: string): void {
  remember(secrets, value);
  if (secrets.found.length >= secretLimit) return;
  const { name, at } = secret;
  // One value can show by its name and by its form; both are one finding.
  const known = secrets.found.some(
    (other) => other.name === name && other.at.line === at.line && other.at.file === at.file,
  );
  if (!known) secrets.found.push(secret);
}

/**
 * Judges one literal under a name and gives back what may be recorded of it.
 *
 * @param value what the file says, without references; `""` stays as it is
 * @param kind what a finding says of it
 */
export function recordAssignment(
  secrets: Secrets,
  name: string,
  value: string,
  at: Place,
  kind = byName,
): string {
  if (holdsSecret(name) && !isHarmless(name, value)) {
    add(secrets, { name: bounded(name, 100), kind, at }, value);
    return masked;
  }
  if (value !== '' && mayHoldSecret(name) && !isPlain(value)) {
    // A mode says something about the server and nothing about a secret: AUTH_MODE=oauth.
    if (holdsSecret(name) || !/^[a-z]{1,12}$/.test(value)) return masked;
  }
  return bounded(maskText(value));
}

/** What may be recorded of a value that is not known: its variables, and for a secret's name nothing between them. */
export function recordUnknown(name: string, text: string): string {
  const shown = mayHoldSecret(name)
    ? text
        .slice(0, 5_000)
        .replace(/(\$\{[^{}]*\}|\$\w+)|[^$]+|\$/g, (_, reference?: string) => reference ?? masked)
    : text;
  return bounded(maskText(shown));
}

/** Switches, numbers and paths tell nothing, whatever their name; checks need them: `MAX_TOKENS=4096`. */
function isPlain(value: string): boolean {
  return /^(?:true|false|yes|no|on|off|none|-?[\d.]{1,6}[a-z]{0,2}|\/run\/secrets\/[\w./-]+)$/i.test(value);
}

/** `NAME=value`, `--name=value`, `--name value`, `"name": "value"`, as shells, options and JSON write it. */
const assignment =
  /(?<![\w$.-])(?:--?)?([A-Za-z_][\w.-]{1,80})["']?(?:\s?[=:]\s?|\s(?=["'\w]))("[^"\n]{1,500}"|'[^'\n]{1,500}'|[^\s"'`;&|<>(){},]{1,500})/g;
const credentialHeader = /\b(?:Bearer|Basic)\s+([A-Za-z0-9+/=._~-]{8,500})/gi;
const addressWithPassword = /\b([a-z][a-z\d+.-]{1,20}:\/\/[^\s:@/"'<>]{0,200}:)([^\s@/"'<>]{1,200})@/gi;

/** A text as it may be recorded: whatever looks like a credential is masked. */
export function maskText(text: string): string {
  // Only the beginning is recorded in the end; this much of it holds the largest key.
  return maskSecrets(text.slice(0, 25_000), false, masked)
    .replace(addressWithPassword, (whole, head: string, password: string) =>
      /^\$/.test(password) ? whole : `${head}${masked}@`,
    )
    .replace(credentialHeader, (whole, value: string) => whole.replace(value, masked))
    .replace(assignment, (whole, name: string, value: string) => {
      const bare = value.replace(/^["']|["']$/g, '');
      return holdsSecret(name) && bare !== '' && !/^\$/.test(bare) && !isPlain(bare)
        ? whole.slice(0, whole.length - value.length) + masked
        : whole;
    });
}

/** `NAME=value`, and options in shell and exec form: `--name=value`, `--name value`, `"--name", "value"`. */
const given =
  /(?<![\w$.-])(?:([A-Za-z_][\w.-]{1,80})=|--?([A-Za-z_][\w.-]{1,80})(?:=|[ \t]{1,10}(?!-)|",[ \t]{0,10}"(?!-)))("[^"\n]{1,500}"|'[^'\n]{1,500}'|[^\s"'`;&|<>(){},]{1,500})/g;

/** Finds values given to names that hold a secret in the text of a command. */
export function inspectCommand(secrets: Secrets, text: string, placeAt: (index: number) => Place): void {
  let count = 0;
  for (const match of text.matchAll(given)) {
    const name = match[1] ?? match[2] ?? '';
    const value = (match[3] ?? '').replace(/^["']|["']$/g, '');
    if (!holdsSecret(name) || isHarmless(name, value)) continue;
    if (isFull(secrets) || ++count > commandLimit) return;
    add(secrets, { name: bounded(name, 100), kind: byName, at: placeAt(match.index) }, value);
  }
}

/** Finds secrets that show by their form, anywhere in a file: comments are carried by a repository, too. */
export function inspectFile(secrets: Secrets, file: string, text: string): void {
  const lineOf = lineFinder(text);
  for (const secret of findSecrets(text)) {
    const line = lineOf(secret.index);
    const before = text.slice(Math.max(0, secret.index - nameReach), secret.index);
    const beginning = before.slice(before.lastIndexOf('\n') + 1);
    const name = /([A-Za-z_][\w.-]{1,80})["']?\s?[=:]\s?["']?$/.exec(beginning)?.[1] ?? '';
    add(
      secrets,
      { name: bounded(name, 100), kind: secret.kind, byForm: true, at: { file, line } },
      secret.text,
    );
  }
}

/** Characters before a secret that its name is looked for in. */
const nameReach = 200;

/**
 * Records what a scanner found by its form. On a line where something was found already it makes no second finding.
 *
 * @param value the secret
 * @param part what is a secret by itself within it: the password of an address
 */
export function recordShape(
  secrets: Secrets,
  kind: string,
  { value, part }: { value: string; part?: string | undefined },
  at: Place,
): void {
  if (part !== undefined) remember(secrets, part);
  addOnNewLine(secrets, { name: '', kind, byForm: true, at }, value);
}

/** Records a literal that the source gives a secret's name; whoever found it has judged the value. */
export function recordInSource(secrets: Secrets, name: string, value: string, at: Place): void {
  addOnNewLine(secrets, { name: bounded(name, 100), kind: byName, at }, value);
}

function addOnNewLine(secrets: Secrets, secret: LiteralSecret, value: string): void {
  const { file, line } = secret.at;
  const known = secrets.found.some(({ at }) => at.line === line && at.file === file);
  if (known) remember(secrets, value);
  else add(secrets, secret, value);
}
