/**
 * What was seen while the server under test was launched and its world was disturbed. Times are milliseconds since the
 * launch they belong to, unless said otherwise. Secrets are masked: the canary that was given as `API_KEY` stands as
 * `<canary API_KEY>` wherever it showed up.
 */
export interface LabEvidence {
  /** The start command, as it was given. */
  command: string;
  /** Node's name of the system: "linux", "darwin". */
  platform: string;
  experiments: LabExperiments;
}

/** Every experiment by its id. */
export interface LabExperiments {
  baseline: Experiment<BaselineHistory>;
}

/** An experiment never judges: it tells what was done and what came. One that could not run tells why. */
export type Experiment<History> = { ran: true; history: History } | NotRun;

export interface NotRun {
  ran: false;
  reason: string;
  /** What would make it run: usually a key of the configuration. */
  help?: string;
}

/** The server as it is when nothing is wrong: what can be called, and whether the lab stands in its way upstream. */
export interface BaselineHistory {
  launch: LaunchFacts;
  /** Null: nothing listens, or no endpoint was found. */
  connection: ConnectionFacts | null;
  /** Where an endpoint was looked for in vain, and what came instead. */
  attempts: { url: string; outcome: string }[];
  /** The tool that is called; null: nobody was asked for one. */
  tool: ChosenTool | NoTool | null;
  calls: CallRecord[];
  gateway: GatewayRecord;
  interposition: InterpositionFacts;
}

/** One launch of the start command, seen from outside. */
export interface LaunchFacts {
  /** The start command became this one; it is the leader of its session. */
  pid: number;
  /** How it was run: as words, or by `/bin/sh -c`. */
  shell: boolean;
  /** The port that was asked for. */
  port: number;
  /** The variable that told it. */
  portEnv: string;
  outcome: LaunchOutcome;
  /** Null while it runs. */
  exit: ExitRecord | null;
  output: OutputFacts;
}

/**
 * - `listening`: a process of the session listens; `port` is where, whatever was asked for
 * - `exited`: the start command ended before anything listened
 * - `silent`: nothing listened until the time was up
 */
export type LaunchOutcome =
  | { kind: 'listening'; afterMs: number; port: number; portIgnored: boolean; listener: ProcessFacts }
  | { kind: 'exited' }
  | { kind: 'silent'; afterMs: number; processes: number[] };

export interface ExitRecord {
  atMs: number;
  code: number | null;
  signal: string | null;
}

/** One process as the system describes it. Null: this system does not tell. */
export interface ProcessFacts {
  pid: number;
  /** Effective user id. */
  uid: number | null;
  residentBytes: number | null;
  openFiles: number | null;
  /** Soft and hard limit; null within: unlimited. */
  openFilesLimit: { soft: number | null; hard: number | null } | null;
  /** Every address the process listens on: "0.0.0.0:3000", "[::]:3000". */
  listens: string[];
  /** Every process of the session at that time. */
  session: number[];
}

export interface OutputFacts {
  /** In the order of arrival. Of long output the beginning and the end. */
  lines: OutputLine[];
  /** What was left out in the middle. */
  droppedLines: number;
  droppedBytes: number;
}

export interface OutputLine {
  stream: 'stdout' | 'stderr';
  atMs: number;
  text: string;
  /** The line was longer, or the stream ended within it: it cannot be judged as a whole. */
  cut?: true;
  /** The canaries that stood in it, whole line included. */
  canaries?: string[];
}

/** What the processes of one launch told about themselves, and about connections they made. */
export interface InterpositionFacts {
  /** Processes that the preload is in. Faults are provable only if the process that listens is among them. */
  hellos: { pid: number; runtime: 'node' | 'python' }[];
  /** Destinations that were pointed at the gateway. */
  redirected: Destination[];
  /** Destinations that the server reached without the gateway. */
  direct: Destination[];
  /** Processes that came to an orderly end; null: the runtime does not tell the code. */
  exits: { pid: number; code: number | null }[];
}

export interface Destination {
  pid: number;
  host: string;
  port: number;
}

export type FaultName = 'pass' | 'stall' | 'drip' | 'reset' | 'refuse' | 'server-error' | 'too-many-requests';

/** What came by at the gateway. Times are milliseconds since it opened. */
export interface GatewayRecord {
  requests: UpstreamRequest[];
  /** Requests beyond those that were recorded. */
  moreRequests: number;
  /** When which fault was in force. */
  faults: { atMs: number; fault: FaultName }[];
  /** Connections that came to nothing: the server did not trust the certificate, or spoke no HTTP. */
  failedConnections: { atMs: number; host: string | null; reason: string }[];
}

export interface UpstreamRequest {
  atMs: number;
  scheme: 'http' | 'https';
  method: string;
  /** With the port when it is not the scheme's own. */
  host: string;
  /** Without the query, which may hold a key. */
  path: string;
  fault: FaultName;
  /** Where which canary was: "header authorization", "query appid", "path", "body". */
  canaries: { name: string; where: string }[];
  outcome: UpstreamOutcome;
}

/**
 * - `answered`: to the last byte; `by` tells whether a canned answer, the real upstream or the fault spoke
 * - `given-up`: the server closed the connection first: that is the server's own limit
 * - `cut`: the gateway closed it, because the fault says so, or because the experiment was over
 */
export type UpstreamOutcome =
  | { kind: 'answered'; afterMs: number; status: number; by: AnsweredBy }
  | { kind: 'given-up'; afterMs: number }
  | { kind: 'cut'; afterMs: number }
  | { kind: 'open' };

/** `nobody`: the host is listed but this path is not, or the real upstream could not be reached. */
export type AnsweredBy = 'canned' | 'upstream' | 'fault' | 'nobody';

export interface ConnectionFacts {
  url: string;
  era: 'legacy' | 'modern';
  revision: string;
  server: { name: string; version: string } | null;
  tools: string[];
}

export interface ChosenTool {
  chosen: true;
  name: string;
  /** Masked. */
  arguments: Record<string, unknown>;
  /** `configured`, or made from the tool's schema. */
  source: 'configured' | 'schema';
}

export interface NoTool {
  chosen: false;
  reason: string;
}

/** One tool call. Times are milliseconds since the client was made. */
export interface CallRecord {
  tool: string;
  arguments: Record<string, unknown>;
  sentMs: number;
  endedMs: number;
  outcome: CallOutcome;
}

/**
 * - `result`: a result, `isError` as the tool says
 * - `protocol-error`: a JSON-RPC error
 * - `http-error`: a status that is no answer to a call
 * - `no-answer`: the connection broke, or nothing came until our own bound
 */
export type CallOutcome =
  | { kind: 'result'; isError: boolean; text: string }
  | { kind: 'protocol-error'; code: number; message: string }
  | { kind: 'http-error'; status: number; message: string }
  | { kind: 'no-answer'; timedOut: boolean; message: string };
