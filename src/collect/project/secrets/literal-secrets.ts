import type { Place } from '../../../evidence/declared.ts';
import type { LiteralSecret } from '../../../evidence/project.ts';
import { findSecrets, maskSecrets } from '../../../text/secrets/catalogue.ts';
import { holdsSecret, mayHoldSecret } from '../../../text/secrets/names.ts';
import { isHarmless } from '../../../text/secrets/placeholder.ts';
import { bounded, lineFinder } from '../files/text.ts';

/** Replaces a secret in the evidence. */
export const masked = '[masked]';

const byName = 'a literal value';

/** Recorded findings. */
const secretLimit = 200;
/** Masked values. Each one slows masking down. */
const valueLimit = 1_000;

/** Findings in the text of one command. */
const commandLimit = 200;

/** The findings of one run. The values stay in memory, so that they can be masked in the evidence. */
export interface Secrets {
  found: LiteralSecret[];
  values: Set<string>;
}

export function noSecrets(): Secrets {
  return { found: [], values: new Set() };
}

/** Whether the limits are reached: nothing more would be recorded. */
export const isFull = ({ found, values }: Secrets): boolean =>
  found.length >= secretLimit && values.size >= valueLimit;

/** Masks the value throughout the evidence, without a finding. */
function remember({ values }: Secrets, value: string): void {
  if (values.size < valueLimit) values.add(value);
}

function add(secrets: Secrets, secret: LiteralSecret, value: string): void {
  remember(secrets, value);
  if (secrets.found.length >= secretLimit) return;
  const { name, at } = secret;
  // A value that is found by its name and by its form is one finding.
  const known = secrets.found.some(
    (other) => other.name === name && other.at.line === at.line && other.at.file === at.file,
  );
  if (!known) secrets.found.push(secret);
}

/**
 * Judges the literal value of a name.
 *
 * @param value as the file declares it, without references
 * @param kind of a finding
 * @returns the value as it is recorded
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
    // A mode is not a secret: AUTH_MODE=oauth.
    if (holdsSecret(name) || !/^[a-z]{1,12}$/.test(value)) return masked;
  }
  return recorded(value);
}

/** An unknown value as it is recorded. Of a secret, only the variables in it are shown. */
export function recordUnknown(name: string, text: string): string {
  const shown = mayHoldSecret(name)
    ? text
        .slice(0, 5_000)
        .replace(/(\$\{[^{}]*\}|\$\w+)|[^$]+|\$/g, (_, reference?: string) => reference ?? masked)
    : text;
  return recorded(shown);
}

/** Booleans, numbers and paths are no secrets under any name: `MAX_TOKENS=4096`. */
function isPlain(value: string): boolean {
  return /^(?:true|false|yes|no|on|off|none|-?[\d.]{1,6}[a-z]{0,2}|\/run\/secrets\/[\w./-]+)$/i.test(value);
}

/** `NAME=value`, `--name=value`, `--name value`, `"name": "value"`, as shells, options and JSON write it. */
const assignment =
  /(?<![\w$.-])(?:--?)?([A-Za-z_][\w.-]{1,80})["']?(?:\s?[=:]\s?|\s(?=["'\w]))("[^"\n]{1,500}"|'[^'\n]{1,500}'|[^\s"'`;&|<>(){},]{1,500})/g;
const credentialHeader = /\b(?:Bearer|Basic)\s+([A-Za-z0-9+/=._~-]{8,500})/gi;
const addressWithPassword = /\b([a-z][a-z\d+.-]{1,20}:\/\/[^\s:@/"'<>]{0,200}:)([^\s@/"'<>]{1,200})@/gi;

/** A text as it is recorded: secrets masked, and cut at the limit. */
export const recorded = (text: string, limit?: number): string => bounded(maskText(text), limit);

/** The text with everything masked that looks like a credential. */
export function maskText(text: string): string {
  // Far more than is recorded, so that the largest key is complete.
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
const optionAssignment =
  /(?<![\w$.-])(?:([A-Za-z_][\w.-]{1,80})=|--?([A-Za-z_][\w.-]{1,80})(?:=|[ \t]{1,10}(?!-)|",[ \t]{0,10}"(?!-)))("[^"\n]{1,500}"|'[^'\n]{1,500}'|[^\s"'`;&|<>(){},]{1,500})/g;

/** Finds the values of secret names in the text of a command. */
export function inspectCommand(secrets: Secrets, text: string, placeAt: (index: number) => Place): void {
  let count = 0;
  for (const match of text.matchAll(optionAssignment)) {
    const name = match[1] ?? match[2] ?? '';
    const value = (match[3] ?? '').replace(/^["']|["']$/g, '');
    if (!holdsSecret(name) || isHarmless(name, value)) continue;
    if (isFull(secrets) || ++count > commandLimit) return;
    add(secrets, { name: bounded(name, 100), kind: byName, at: placeAt(match.index) }, value);
  }
}

/** Finds secrets by their form anywhere in a file, comments included. */
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

/** Characters before a secret that may contain its name. */
const nameReach = 200;

/**
 * Records a secret that a scanner found by its form. A line has one finding.
 *
 * @param value the secret
 * @param part a secret within the value: the password of an address
 */
export function recordByForm(
  secrets: Secrets,
  kind: string,
  { value, part }: { value: string; part?: string | undefined },
  at: Place,
): void {
  if (part !== undefined) remember(secrets, part);
  addOnNewLine(secrets, { name: '', kind, byForm: true, at }, value);
}

/** Records a literal of the source code that was judged to be a secret. */
export function recordInSource(secrets: Secrets, name: string, value: string, at: Place): void {
  addOnNewLine(secrets, { name: bounded(name, 100), kind: byName, at }, value);
}

function addOnNewLine(secrets: Secrets, secret: LiteralSecret, value: string): void {
  const { file, line } = secret.at;
  const known = secrets.found.some(({ at }) => at.line === line && at.file === file);
  if (known) remember(secrets, value);
  else add(secrets, secret, value);
}
