const reasons: Record<string, string> = {
  EADDRINUSE: 'PORT is taken by another process',
  EADDRNOTAVAIL: 'HOST is not an address of this machine',
  ENOTFOUND: 'HOST is not an address, and no name that can be resolved',
  EAI_AGAIN: 'HOST is not an address, and no name that can be resolved',
  EACCES: 'PORT is reserved for privileged processes',
};

/** The port cannot be had. The server never takes another one instead: nobody would find it there. */
export class ListenError extends Error {
  readonly code: string | undefined;

  /** @param variable which one says the port */
  constructor(cause: NodeJS.ErrnoException, host: string, port: number, variable = 'PORT') {
    const why = reasons[cause.code ?? '']?.replace('PORT', variable) ?? cause.message;
    super(`Cannot listen on ${host}, port ${port}: ${why} (${cause.code ?? 'unknown'})`, { cause });
    this.code = cause.code;
  }
}
