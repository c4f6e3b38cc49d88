import { describe, expect, it } from 'vitest';
import { leakIn } from '../../src/text/leaks.ts';
import { singleLine } from '../../src/text/printable.ts';

const node = 'TypeError: fetch failed\n    at serve (file:///srv/weather/dist/index.js:10:5)';
const python = 'Traceback (most recent call last):\n  File "/task/server.py", line 3, in get_weather';

/** As runtimes write them. */
const traces: [what: string, text: string][] = [
  ['a JavaScript stack trace', node],
  ['a JavaScript stack trace', 'Error: x\n    at Object.<anonymous> (/app/my server/index.js:10:5)'],
  ['a JavaScript stack trace', 'Error: x\n    at /task/server.mjs:10:5\n    at next'],
  ['a JavaScript stack trace', 'Error: x\n    at async file:///task/server.mjs:10:5'],
  ['a JavaScript stack trace', 'Error: x\n    at async Object.call [as run] (C:\\weather\\index.js:10:5)'],
  [
    'a JavaScript stack trace',
    'at process.processTicksAndRejections (node:internal/process/task_queues:95:5)',
  ],
  ['a JavaScript stack trace', 'Error: x\n    at handle (dist/server.js:1:20480)'],
  ['a JavaScript stack trace', '<pre>Error: no<br> &nbsp; &nbsp;at handle (/srv/app/index.js:10:5)</pre>'],
  ['a Python traceback', python],
  ['a Python traceback', 'ValueError: x (File "weather/tools.py", line 12)'],
  ['a Python traceback', 'File "<string>", line 1, in <module>'],
  ['a Java stack trace', 'java.io.IOException: x\n\tat com.example.Main.run(Main.java:12)'],
  ['a Java stack trace', 'at java.base/java.lang.Thread.run(Thread.java:833)'],
  ['a Java stack trace', 'at com.example.WeatherKt$main$1.invoke(Weather.kt:40)'],
  ['a Go stack trace', 'panic: boom\n\ngoroutine 1 [running]:\nmain.main()\n\t/src/main.go:12 +0x1d'],
  ['a Go stack trace', 'weather.go:40 +0x1a8'],
  ['a Rust panic', "thread 'main' panicked at src/main.rs:10:5:\ncalled `Option::unwrap()`"],
  ['a Rust panic', 'stack backtrace:\n   0: rust_begin_unwind'],
  ['a .NET stack trace', 'System.Exception: x\n   at Weather.Tool.Get(String city) in /src/Tool.cs:line 12'],
  [
    'a .NET stack trace',
    '   at System.Net.Http.HttpClient.SendAsync(HttpRequestMessage request, Boolean async)\n   at Weather.Tool.<Get>d__3.MoveNext()',
  ],
  ['a PHP stack trace', 'Exception: x\n#0 /var/www/html/index.php(12): weather()\n#1 {main}'],
  ['a PHP stack trace', 'Fatal error: x in /data/index.php on line 12'],
  ['a Ruby backtrace', "server.rb:12:in 'Weather#get': timed out (RuntimeError)"],
  ['a Ruby backtrace', "/app/lib/weather.rb:12:in `block in get'"],
];

describe('a stack trace is found', () => {
  it.each(traces)('%s: %s', (what, text) => {
    const forms = [text, singleLine(text, 4_000), JSON.stringify({ error: { data: text } })];
    for (const form of forms) {
      expect(leakIn(form), form).toMatchObject({ kind: 'trace', text: expect.stringContaining(what) });
    }
  });
});

describe('what leaks is quoted', () => {
  it('from where it begins, bounded and on one line', () => {
    expect(leakIn(node)?.text).toBe(
      'a JavaScript stack trace ("at serve (file:///srv/weather/dist/index.js:10:5)")',
    );
    expect(leakIn(python)?.text).toBe(
      'a Python traceback ("Traceback (most recent call last): File \\"/task/server.py\\", line 3, in get_weath…")',
    );
    expect(leakIn('ENOENT: open "/home/alice/weather/data.json"')?.text).toBe(
      'an absolute path ("/home/alice/weather/data.json")',
    );
  });

  it('without keys', () => {
    const key = `ghp_${'a1'.repeat(20)}`;
    expect(leakIn(`at serve (/app/x.js:1:2) token ${key}`)?.text).not.toContain('a1a1');
    expect(leakIn(`The upstream refused ${key}`)).toEqual({ kind: 'key', text: 'a GitHub token' });
  });
});

describe('a path is found', () => {
  it.each([
    ['ENOENT: open "/home/alice/weather/data.json"', '/home/alice/weather/data.json'],
    ['{"error":"C:\\\\Users\\\\alice\\\\weather\\\\x.js"}', 'C:\\Users\\alice\\weather\\x.js'],
    ['<p>File <span class="frame-filename">/usr/lib/python3/app.py</span></p>', '/usr/lib/python3/app.py'],
    ["ENOENT: no such file or directory, open '/data/cities.json'", '/data/cities.json'],
    ['Cannot open C:\\weather\\new\\x.json', 'C:\\weather\\new\\x.json'],
    ["[Errno 13] Permission denied: '/data/cities.json'", '/data/cities.json'],
    ['Cannot load file:///opt/weather/cities.json.', '/opt/weather/cities.json'],
  ])('%s', (text, path) => {
    expect(leakIn(text)).toEqual({ kind: 'path', text: `an absolute path (${JSON.stringify(path)})` });
  });

  it('unless the client sent it', () => {
    const sent = '/app/weather/mcp';
    expect(leakIn('Cannot POST /app/weather/mcp', sent)).toBeUndefined();
    expect(leakIn('No such file: /home/alice/a.txt.', '{"path":"/home/alice/a.txt"}')).toBeUndefined();
    for (const text of [
      'in /srv/app/weather/mcp/x.js',
      'in /app/weather/mcp/x.js',
      '/app/weather/mcp: open /app/data/x',
    ]) {
      expect(leakIn(text, sent)).toMatchObject({ kind: 'path' });
    }
  });
});

describe('nothing is found', () => {
  it.each([
    '{"jsonrpc":"2.0","error":{"code":-32700,"message":"Parse error"},"id":null}',
    '{"error":"Not Found","path":"/mcp"}',
    'See https://example.com/usr/share/docs/errors at 10:30:00 for help',
    'Expected application/json or text/event-stream',
    '<!doctype html><link href="/app/static/main.css"><script>route("/app/users/list")</script><h1>404</h1>',
    'See https://example.com/docs?key=***',
    'The weather service (https://api.weather.test/v1/weather) gave no answer at all. Try again at 12:30:05.',
    'GET /v1/weather on api.weather.test: status 503',
    'Upstream GET /app/v1/weather responded with 503',
    'Measured at station /v1/stations/EGLL, time 12:10:05',
    'Look at the page (/docs) or at https://example.com:8080/a:10:20',
    'Row 3: File "cities.csv", line 3 has no city',
    'Wait at least 5 s. (Limit: 60 calls a minute at most.)',
    'connect ECONNREFUSED 127.0.0.1:443',
    'getaddrinfo ENOTFOUND api.weather.test',
    'Invalid arguments: city: must be a string, at /properties/city',
    'The process panicked. See the stack backtrace: it is in the log.',
    'Unknown city "London (Ontario)" at position 1:2:3',
  ])('in %s', (text) => {
    expect(leakIn(text)).toBeUndefined();
  });
});
