import type { BaselineHistory } from '../../src/evidence/lab/baseline.ts';
import type { CallRecord, HttpRecord } from '../../src/evidence/lab/client.ts';
import type { GatewayRecord } from '../../src/evidence/lab/gateway.ts';
import type { LabEvidence } from '../../src/evidence/lab/lab.ts';
import type { LaunchFacts, ProcessFacts } from '../../src/evidence/lab/launch.ts';

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
  failedConnections: [],
};

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
    command: 'node server.mjs',
    platform: 'linux',
    secrets: ['WEATHER_API_KEY'],
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
