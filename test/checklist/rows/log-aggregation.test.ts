import { describe, expect, it } from 'vitest';
import { at, known, project, service, workload } from '../../support/evidence.ts';
import { labOf, loggingOf } from '../../support/lab-evidence.ts';
import { judgeCriterion, judgeRow } from '../../support/rows.ts';

const beside = (image: string) => {
  const other = service({ name: 'other', image });
  delete other.build;
  return other;
};
const judge = (...services: ReturnType<typeof service>[]) =>
  judgeRow('log-aggregation', { project: project({ services }) }).verdict;

describe('log-aggregation', () => {
  it('passes for a driver that ships logs, and for a collector service', () => {
    expect(judge(service({ logging: { driver: 'fluentd', options: {}, at: at('compose.yaml', 7) } }))).toBe(
      'partial',
    );
    expect(judge(service(), beside('docker.io/grafana/alloy:v1.11'))).toBe('partial');
  });

  it('is unknown with a collector that does not start with the server', () => {
    expect(judge(service(), { ...beside('grafana/alloy:v1.11'), profiles: ['monitoring'] })).toBe('unknown');
    expect(judge(beside('grafana/alloy:v1.11'), beside('grafana/loki:3'))).toBe('unknown');
  });

  it('is unknown with logs that stay on the machine: the platform may collect them', () => {
    expect(judge(service({ logging: { driver: 'json-file', options: {}, at: at('compose.yaml', 7) } }))).toBe(
      'unknown',
    );
    expect(judge(service(), beside('redis:7'), beside('example.com/our/agent:1'))).toBe('unknown');
  });

  it('fails for a driver that discards every line, even beside a collector', () => {
    const discarding = service({ logging: { driver: 'none', options: {}, at: at('compose.yaml', 7) } });
    expect(judge(discarding)).toBe('fail');
    const seen = {
      project: project({
        services: [discarding, beside('grafana/alloy:v1.11')],
        observability: {
          logCollectors: [{ tool: 'Vector', at: at('deploy/vector.toml', 3) }],
          alertRules: [],
          alertReceivers: [],
        },
      }),
    };
    expect(judgeCriterion('log-aggregation', 'collector-declared', seen)).toMatchObject({
      verdict: 'fail',
      finding: 'Service weather uses the logging driver none (compose.yaml:7). Every line is lost.',
      sources: [at('compose.yaml', 7)],
    });
    expect(judgeRow('structured-logging', seen).verdict).toBe('unknown');
    // Another service may discard its lines.
    const quiet = {
      ...beside('redis:7'),
      logging: { driver: 'none', options: {}, at: at('compose.yaml', 9) },
    };
    expect(judge(service(), quiet)).toBe('unknown');
  });

  it('does not judge two possible servers of which one discards its lines', () => {
    const none = { driver: 'none', options: {}, at: at('compose.yaml', 7) };
    expect(judge(service({ name: 'one', logging: none }), service({ name: 'two' }))).toBe('unknown');
    expect(judge(service({ name: 'one', logging: none }), service({ name: 'two', logging: none }))).toBe(
      'fail',
    );
  });

  it.each([
    ['journald', 'partial'],
    ['gelf', 'partial'],
    ['local', 'unknown'],
  ])('with the driver %s: %s', (driver, verdict) => {
    expect(judge(service({ logging: { driver, options: {}, at: at('compose.yaml', 7) } }))).toBe(verdict);
  });

  it('passes for a configured collector, and for the log setting of a platform', () => {
    const observe = (file: string) =>
      judgeRow('log-aggregation', {
        project: project({
          observability: {
            logCollectors: [{ tool: 'Vector', at: at(file, 3) }],
            alertRules: [],
            alertReceivers: [],
          },
        }),
      }).verdict;
    expect(observe('deploy/vector.toml')).toBe('partial');
    expect(observe('examples/vector.toml')).toBe('unknown');
    const run = (differs: Parameters<typeof workload>[0]) =>
      judgeRow('log-aggregation', { project: project({ workloads: [workload(differs)] }) }).verdict;
    expect(run({ platform: 'ecs', logging: known('awslogs') })).toBe('partial');
    expect(run({ platform: 'ecs', logging: known('awsfirelens') })).toBe('partial');
    expect(run({ platform: 'ecs', logging: known('json-file') })).toBe('unknown');
    expect(run({ kind: 'DaemonSet', image: known('fluent/fluent-bit:4') })).toBe('partial');
    expect(run({ kind: 'Deployment', image: known('example.com/weather:1') })).toBe('unknown');
  });
});

describe('log-aggregation in the lab', () => {
  const streams = (...lines: Parameters<typeof loggingOf>[0]) =>
    judgeCriterion('log-aggregation', 'standard-streams', {
      lab: labOf({ logging: { ran: true, history: loggingOf(lines) } }),
    });

  it('does not take a shutdown line for a line of the last call', () => {
    const text = '{"time":"2026-01-01T00:00:00.000Z","level":"info","msg":"Draining"}';
    const history = loggingOf([{ atMs: 5_420, text }], { stoppedMs: 5_420 });
    expect(
      judgeCriterion('log-aggregation', 'standard-streams', {
        lab: labOf({ logging: { ran: true, history } }),
      }),
    ).toMatchObject({
      verdict: 'inconclusive',
    });
  });

  it('passes for lines of calls on the standard streams, in any form', () => {
    expect(
      streams(
        { atMs: 3_010, text: 'INFO get_weather Paris' },
        { atMs: 5_010, text: 'get_weather failed', stream: 'stderr' },
      ),
    ).toMatchObject({
      verdict: 'pass',
      proof: 'proven',
      finding: 'While serving 3 calls, the server wrote 2 lines to stdout and stderr.',
    });
  });

  it('passes for lines of failed calls only', () => {
    expect(streams({ atMs: 5_010, text: 'get_weather failed' }).verdict).toBe('pass');
    expect(streams({ atMs: 5_010, text: 'TypeError: fetch failed', stream: 'stderr' })).toMatchObject({
      verdict: 'pass',
      finding: 'The server wrote a line to stderr for the failed call, and none for the other calls.',
    });
  });

  it('fails for empty streams, and for a banner alone', () => {
    expect(streams()).toMatchObject({
      verdict: 'fail',
      finding: expect.stringMatching(/^The server wrote no line to stdout or stderr for 3 calls\./),
    });
    expect(streams({ atMs: 300, text: 'Server running on port 21000' }).verdict).toBe('fail');
  });

  it('reads only stderr over stdio, because stdout carries the protocol', () => {
    const judged = (stream: 'stdout' | 'stderr') => {
      const history = loggingOf([{ atMs: 3_010, text: 'INFO get_weather Paris', stream }]);
      const launch = { ...history.launch, port: null };
      const lab = labOf({ logging: { ran: true, history: { ...history, launch } } });
      return judgeCriterion('log-aggregation', 'standard-streams', { lab: { ...lab, transport: 'stdio' } });
    };
    expect(judged('stderr')).toMatchObject({
      verdict: 'pass',
      finding: 'While serving 3 calls, the server wrote 1 line to stderr.',
    });
    expect(judged('stdout')).toMatchObject({
      verdict: 'fail',
      finding: expect.stringMatching(/^The server wrote no line to stderr for 3 calls\./),
    });
  });

  it('is inconclusive for a log of other events, and for lines without a call', () => {
    expect(streams({ atMs: 300, text: '{"time":1,"level":"info","msg":"Listening"}' }).verdict).toBe(
      'inconclusive',
    );
    expect(streams({ atMs: 2_400, text: 'tick' }, { atMs: 3_100, text: 'tick' }).verdict).toBe(
      'inconclusive',
    );
    expect(streams({ atMs: 2_400, text: 'tick' }, { atMs: 5_100, text: 'tick' }).verdict).toBe(
      'inconclusive',
    );
  });
});
