/** Where something stands. */
export interface Place {
  /** Relative to the project's directory. */
  file: string;
  /** From 1. */
  line: number;
}

/** A value as it can be read from a file: known, or written with something that only the build or the platform knows. */
export type Declared<T> =
  | { known: true; value: T; at: Place }
  | { known: false; text: string; why: string; at: Place };

/** A container health check, in a Dockerfile or in compose. */
export interface Healthcheck {
  /** `none` switches off what the image brings. */
  kind: 'command' | 'none';
  /** The command as one line. */
  command: string;
  /** URLs that the command names, such as `http://127.0.0.1:3000/health`. */
  urls: string[];
  /** Seconds between checks when declared. */
  intervalSeconds?: number;
  at: Place;
}
