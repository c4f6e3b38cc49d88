const credentialName = /key|token|secret|auth|session|password|^cookie$/i;

/** Authentication schemes that may be recorded: another first word could be a piece of the secret. */
export const credentialScheme = /^(bearer|basic|token|apikey|digest)\s+/i;

/** Whether a header, query parameter or cookie of this name usually carries a credential. */
export function namesCredential(name: string): boolean {
  return credentialName.test(name);
}
