import type { BaselineHistory } from '../../src/evidence/lab/baseline.ts';
import type { CallRecord, HttpRecord } from '../../src/evidence/lab/client.ts';
import type { GatewayRecord, UpstreamRequest } from '../../src/evidence/lab/gateway.ts';
import type { LabEvidence } from '../../src/evidence/lab/lab.ts';
import type { LaunchFacts, OutputLine, ProcessFacts } from '../../src/evidence/lab/launch.ts';
import type { Forgery, LoggedCall, LoggingHistory } from '../../src/evidence/lab/logging.ts';

/** Lab evidence literals for rows: each builder makes the plainest valid thing, and a test says what differs. */

export const listener: ProcessFacts = {
  pid: 101,
  uid: 1000,
  residentBytes: 60_000_000,
  openFiles: 20,
  openFilesLimit: { soft: 1024, hard: 4096 },
  listens: ['0.0.0.0:21000'],
  session: [101],
};

/** A launch whose server listens and still runs. */
export function launchOf(launch: Partial<LaunchFacts> = {}): LaunchFacts {
  return {
    pid: 101,
    shell: false,
    port: 21_000,
    portEnv: 'PORT',
    outcome: { kind: 'listening', afterMs: 300, port: 21_000, portIgnored: false, listener },
    exit: null,
    output: { lines: [], droppedLines: 0, droppedBytes: 0 },
    ...launch,
  };
}

export function callOf(call: Partial<CallRecord> = {}): CallRecord {
  return {
    tool: 'get_weather',
    arguments: { city: 'London' },
    sentMs: 500,
    endedMs: 520,
    outcome: { kind: 'result', isError: false, text: '12.5 °C' },
    ...call,
  };
}

export function pollOf(status: number, poll: Partial<HttpRecord> = {}): HttpRecord {
  return {
    method: 'GET',
    path: '/health',
    sentMs: 400,
    endedMs: 404,
    outcome: {
      kind: 'answer',
      status,
      headers: { 'content-type': 'application/json' },
      body: `{"status":"${status === 200 ? 'healthy' : 'degraded'}"}`,
    },
    ...poll,
  };
}

export const quietGateway: GatewayRecord = {
  requests: [],
  moreRequests: 0,
  faults: [{ atMs: 0, fault: 'pass' }],
  slowMs: 1_500,
  dripMs: 900,
  failedConnections: [],
};

/** A request that reached the upstream and was answered at once. */
export function askedOf(request: Partial<UpstreamRequest> = {}): UpstreamRequest {
  return {
    atMs: 510,
    scheme: 'https',
    method: 'GET',
    host: 'api.weather.test',
    path: '/v1/current',
    fingerprint: 'london',
    fault: 'pass',
    canaries: [],
    outcome: { kind: 'answered', afterMs: 2, status: 200, by: 'canned' },
    ...request,
  };
}

export function baselineOf(baseline: Partial<BaselineHistory> = {}): BaselineHistory {
  return {
    launch: launchOf(),
    connection: {
      url: 'http://127.0.0.1:21000/mcp',
      era: 'legacy',
      revision: '2025-11-25',
      server: { name: 'weather', version: '1.0.0' },
      tools: ['get_weather'],
    },
    attempts: [],
    tool: { chosen: true, name: 'get_weather', arguments: { city: 'London' }, source: 'configured' },
    calls: [callOf()],
    health: [pollOf(200)],
    gateway: quietGateway,
    interposition: { hellos: [{ pid: 101, runtime: 'node' }], redirected: [], direct: [], exits: [] },
    ...baseline,
  };
}

/** A lab in which these experiments ran. */
export function labOf(
  experiments: LabEvidence['experiments'] = {},
  lab: Partial<LabEvidence> = {},
): LabEvidence {
  return {
    transport: 'http',
    command: 'node server.mjs',
    platform: 'linux',
    secrets: ['WEATHER_API_KEY'],
    secretsNamed: true,
    credential: null,
    baseline: baselineOf(),
    unserved: null,
    ownWire: false,
    experiments,
    durations: { baseline: 900 },
    durationMs: 5_000,
    ...lab,
  };
}

/** Output of these lines, each with its time. */
export function outputOf(
  ...lines: (Partial<OutputLine> & Pick<OutputLine, 'atMs' | 'text'>)[]
): LaunchFacts['output'] {
  return { lines: lines.map((line) => ({ stream: 'stdout', ...line })), droppedLines: 0, droppedBytes: 0 };
}

/** A launch that ended before anything listened. */
export function endedLaunch(code: number | null, ...texts: string[]): LaunchFacts {
  return launchOf({
    outcome: { kind: 'exited' },
    exit: { atMs: 200, code, signal: code === null ? 'SIGABRT' : null },
    output: outputOf(...texts.map((text) => ({ atMs: 190, text }))),
  });
}

export const forgedLine = '{"time":"2026-01-01T00:00:00.000Z","level":"error","message":"FORGED-0a1b2c3d"}';

function loggedCall(
  purpose: LoggedCall['purpose'],
  sentMs: number,
  differs: Partial<LoggedCall>,
): LoggedCall {
  return {
    ...callOf({ sentMs, endedMs: sentMs + 20 }),
    purpose,
    requestId: `id-of-${purpose}`,
    watchedMs: sentMs + 420,
    ...differs,
  };
}

/** A forged line that the schema allows. */
export function forgeryOf(differs: Partial<Forgery> = {}): Forgery {
  const text = `x"\u001b[2K\n${forgedLine}\n`;
  return {
    argument: 'city',
    by: 'text',
    allowed: true,
    text,
    line: forgedLine,
    marker: 'FORGED-0a1b2c3d',
    ...differs,
  };
}

/**
 * Three calls, at 3000, 4000 and 5000 ms, of a server that writes these lines. It served from 1000 ms on, was left alone from
 * 2000 to 2800, and was told to end at 6000.
 */
export function loggingOf(
  lines: Parameters<typeof outputOf>,
  history: Partial<LoggingHistory> = {},
): LoggingHistory {
  return {
    launch: launchOf({ output: outputOf(...lines) }),
    servingMs: 1_000,
    quiet: { fromMs: 2_000, untilMs: 2_800 },
    stoppedMs: 6_000,
    calls: [
      loggedCall('plain', 3_000, { arguments: { city: 'Paris' } }),
      loggedCall('forgery', 4_000, { arguments: { city: `x"\u001b[2K\n${forgedLine}\n` } }),
      loggedCall('failure', 5_000, {
        arguments: { city: 'Berlin' },
        outcome: { kind: 'result', isError: true, text: 'No weather' },
      }),
    ],
    forgeries: [forgeryOf()],
    failedBy: 'reset',
    gateway: quietGateway,
    ...history,
  };
}
