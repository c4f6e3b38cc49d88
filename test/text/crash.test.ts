import { describe, expect, it } from 'vitest';
import { crashMessage, variablesMissedBy } from '../../src/text/crash/message.ts';
import { missingVariables } from '../../src/text/crash/variables.ts';

const output = (text: string, stream = 'stderr') => text.split('\n').map((line) => ({ stream, text: line }));

/** What a program printed, the message in it, and the variables that it misses. */
const crashes: [string, string, string, string[]][] = [
  [
    'an uncaught error of Node',
    `/app/dist/config.js:12
    throw new Error('Missing required environment variable AIRTABLE_API_KEY');
          ^

Error: Missing required environment variable AIRTABLE_API_KEY
    at loadConfig (/app/dist/config.js:12:11)
    at file:///app/dist/index.js:9:16
    at ModuleJob.run (node:internal/modules/esm/module_job:343:25)
    at async onImport.tracePromise.__proto__ (node:internal/modules/esm/loader:665:26)

Node.js v22.20.0`,
    'Error: Missing required environment variable AIRTABLE_API_KEY',
    ['AIRTABLE_API_KEY'],
  ],
  [
    'an error of Node that a handler logs',
    `Fatal error in main(): Error: AIRTABLE_API_KEY must be set
    at main (/app/index.js:3:9)
    at processTicksAndRejections (node:internal/process/task_queues:105:5)
npm error Lifecycle script \`start\` failed with error:
npm error code 1
npm error path /app`,
    'Fatal error in main(): Error: AIRTABLE_API_KEY must be set',
    ['AIRTABLE_API_KEY'],
  ],
  [
    'a message of several lines',
    `Error: Invalid configuration:
  - AIRTABLE_API_KEY is required
  - AIRTABLE_BASE_ID is required
    at validate (/app/config.js:20:9)`,
    'Error: Invalid configuration: - AIRTABLE_API_KEY is required - AIRTABLE_BASE_ID is required',
    ['AIRTABLE_API_KEY', 'AIRTABLE_BASE_ID'],
  ],
  [
    'a package that is missing',
    `node:internal/modules/package_json_reader:256
  throw new ERR_MODULE_NOT_FOUND(packageName, fileURLToPath(base), null);
        ^

Error [ERR_MODULE_NOT_FOUND]: Cannot find package 'zod' imported from /app/index.js
    at Object.getPackageJSONURL (node:internal/modules/package_json_reader:256:9)
    at packageResolve (node:internal/modules/esm/resolve:768:81) {
  code: 'ERR_MODULE_NOT_FOUND'
}

Node.js v22.20.0`,
    "Error [ERR_MODULE_NOT_FOUND]: Cannot find package 'zod' imported from /app/index.js",
    [],
  ],
  [
    'a taken port',
    `node:events:497
      throw er; // Unhandled 'error' event
      ^

Error: listen EADDRINUSE: address already in use 127.0.0.1:3000
    at Server.setupListenHandle [as _listen2] (node:net:1937:16)
    at listenInCluster (node:net:1994:12)
Emitted 'error' event on Server instance at:
    at emitErrorNT (node:net:1973:8)
    at process.processTicksAndRejections (node:internal/process/task_queues:90:21) {
  code: 'EADDRINUSE',
  port: 3000
}

Node.js v22.20.0`,
    'Error: listen EADDRINUSE: address already in use 127.0.0.1:3000',
    [],
  ],
  [
    'an AggregateError',
    `AggregateError [ECONNREFUSED]: 
    at internalConnectMultiple (node:net:1134:18)
    at afterConnectMultiple (node:net:1715:7) {
  code: 'ECONNREFUSED',
  [errors]: [
    Error: connect ECONNREFUSED ::1:5432
        at createConnectionError (node:net:1678:14) {
      errno: -111
    },
    Error: connect ECONNREFUSED 127.0.0.1:5432
        at createConnectionError (node:net:1678:14) {
      errno: -111
    }
  ]
}`,
    'AggregateError [ECONNREFUSED]: Error: connect ECONNREFUSED ::1:5432',
    [],
  ],
  [
    'an AggregateError without a stack',
    `node:internal/modules/run_main:129
    triggerUncaughtException(
    ^

[AggregateError: All promises were rejected] {
  [errors]: [
    Error: AIRTABLE_API_KEY is not set
        at file:///app/b.js:1:35
        at ModuleJob.run (node:internal/modules/esm/module_job:195:25),
    Error: connect
        at file:///app/b.js:1:75
  ]
}

Node.js v20.20.2`,
    'AggregateError: All promises were rejected: Error: AIRTABLE_API_KEY is not set',
    ['AIRTABLE_API_KEY'],
  ],
  [
    'a chain of causes in Node',
    `Error: Cannot start
    at start (/app/index.js:8:9)
    at main (/app/index.js:12:3) {
  [cause]: Error: AIRTABLE_API_KEY is not set
      at read (/app/config.js:3:9)
      at start (/app/index.js:6:5)
}

Node.js v22.20.0`,
    'Error: Cannot start (cause: Error: AIRTABLE_API_KEY is not set)',
    ['AIRTABLE_API_KEY'],
  ],
  [
    'a text that was thrown',
    `/app/index.js:1
throw 'No API key';
^
No API key
(Use \`node --trace-uncaught ...\` to show where the exception was thrown)

Node.js v22.20.0`,
    'No API key',
    [],
  ],
  [
    'a list of Zod',
    `file:///app/env.js:5
export const env = schema.parse(process.env);
                          ^

ZodError: [
  {
    "code": "invalid_type",
    "expected": "string",
    "received": "undefined",
    "path": [
      "AIRTABLE_API_KEY"
    ],
    "message": "Required"
  }
]
    at get error (file:///app/node_modules/zod/v3/types.js:39:31)
    at ZodObject.parse (file:///app/node_modules/zod/v3/types.js:114:22)

Node.js v22.20.0`,
    'ZodError: AIRTABLE_API_KEY: Required',
    ['AIRTABLE_API_KEY'],
  ],
  [
    'a traceback of Python',
    `Traceback (most recent call last):
  File "/app/server.py", line 7, in <module>
    main()
    ~~~~^^
  File "/app/server.py", line 4, in main
    raise RuntimeError("AIRTABLE_API_KEY environment variable is required")
RuntimeError: AIRTABLE_API_KEY environment variable is required`,
    'RuntimeError: AIRTABLE_API_KEY environment variable is required',
    ['AIRTABLE_API_KEY'],
  ],
  [
    'a variable that Python does not find',
    `Traceback (most recent call last):
  File "<frozen os>", line 709, in __getitem__
KeyError: 'AIRTABLE_API_KEY'

During handling of the above exception, another exception occurred:

Traceback (most recent call last):
  File "/app/server.py", line 3, in <module>
    key = os.environ["AIRTABLE_API_KEY"]
KeyError: 'AIRTABLE_API_KEY'`,
    "KeyError: 'AIRTABLE_API_KEY'",
    ['AIRTABLE_API_KEY'],
  ],
  [
    'a traceback of uvicorn, and what follows',
    `INFO:     Waiting for application startup.
ERROR:    Traceback (most recent call last):
  File "/app/.venv/lib/python3.12/site-packages/starlette/routing.py", line 693, in lifespan
    async with self.lifespan_context(app) as maybe_state:
ValueError: Set the AIRTABLE_API_KEY

ERROR:    Application startup failed. Exiting.`,
    'ValueError: Set the AIRTABLE_API_KEY',
    ['AIRTABLE_API_KEY'],
  ],
  [
    'an exception group',
    `  + Exception Group Traceback (most recent call last):
  |   File "/app/server.py", line 9, in <module>
  |     asyncio.run(main())
  | ExceptionGroup: unhandled errors in a TaskGroup (1 sub-exception)
  +-+---------------- 1 ----------------
    | Traceback (most recent call last):
    |   File "/app/server.py", line 5, in read
    |     raise RuntimeError("AIRTABLE_API_KEY is not set")
    | RuntimeError: AIRTABLE_API_KEY is not set
    +------------------------------------`,
    'RuntimeError: AIRTABLE_API_KEY is not set',
    ['AIRTABLE_API_KEY'],
  ],
  [
    'settings of pydantic',
    `Traceback (most recent call last):
  File "/app/server.py", line 11, in <module>
    settings = Settings()
               ^^^^^^^^^^
  File "/app/.venv/lib/python3.12/site-packages/pydantic/main.py", line 253, in __init__
    validated_self = self.__pydantic_validator__.validate_python(data, self_instance=self)
pydantic_core._pydantic_core.ValidationError: 2 validation errors for Settings
airtable_api_key
  Field required [type=missing, input_value={}, input_type=dict]
    For further information visit https://errors.pydantic.dev/2.11/v/missing
base_url
  Input should be a valid URL [type=url_parsing, input_value='x', input_type=str]
    For further information visit https://errors.pydantic.dev/2.11/v/url_parsing`,
    'pydantic_core._pydantic_core.ValidationError: 2 validation errors for Settings: airtable_api_key: Field required; base_url: Input should be a valid URL',
    ['AIRTABLE_API_KEY'],
  ],
  [
    'a traceback in a box (rich)',
    `╭───────────── Traceback (most recent call last) ──────────────╮
│ /app/server.py:12 in main                                    │
│ ❱ 12     raise ValueError("AIRTABLE_API_KEY is missing")     │
╰──────────────────────────────────────────────────────────────╯
ValueError: AIRTABLE_API_KEY is missing`,
    'ValueError: AIRTABLE_API_KEY is missing',
    ['AIRTABLE_API_KEY'],
  ],
  [
    'a panic of Go',
    `panic: AIRTABLE_API_KEY is not set

goroutine 1 [running]:
main.main()
	/app/main.go:10 +0x2c
exit status 2`,
    'panic: AIRTABLE_API_KEY is not set',
    ['AIRTABLE_API_KEY'],
  ],
  [
    'log.Fatal of Go',
    '2026/12/01 10:00:00 AIRTABLE_API_KEY must be provided\nexit status 1',
    '2026/12/01 10:00:00 AIRTABLE_API_KEY must be provided',
    ['AIRTABLE_API_KEY'],
  ],
  [
    'an exception of Java, by its last cause',
    `Exception in thread "main" java.lang.RuntimeException: Cannot start
	at com.example.Main.main(Main.java:9)
Caused by: java.lang.IllegalStateException: No configuration
	at com.example.Config.load(Config.java:20)
	... 1 more
Caused by: java.lang.NullPointerException: AIRTABLE_API_KEY is required
	at com.example.Config.read(Config.java:31)
	... 2 more`,
    'java.lang.NullPointerException: AIRTABLE_API_KEY is required',
    ['AIRTABLE_API_KEY'],
  ],
  [
    'an exception of .NET',
    `Unhandled exception. System.InvalidOperationException: The environment variable AIRTABLE_API_KEY is not set.
   at Program.<Main>$(String[] args) in /app/Program.cs:line 3`,
    'Unhandled exception. System.InvalidOperationException: The environment variable AIRTABLE_API_KEY is not set.',
    ['AIRTABLE_API_KEY'],
  ],
  [
    'a panic of Rust',
    `thread 'main' panicked at src/main.rs:5:10:
AIRTABLE_API_KEY must be set: NotPresent
note: run with \`RUST_BACKTRACE=1\` environment variable to display a backtrace`,
    'AIRTABLE_API_KEY must be set: NotPresent',
    ['AIRTABLE_API_KEY'],
  ],
  [
    'a panic of Rust before 1.73',
    `thread 'main' panicked at 'AIRTABLE_API_KEY must be set', src/main.rs:5:10
stack backtrace:
   0: rust_begin_unwind`,
    'AIRTABLE_API_KEY must be set',
    ['AIRTABLE_API_KEY'],
  ],
  [
    'a line of pino',
    `{"level":30,"time":1,"msg":"Starting"}
{"level":60,"time":2,"err":{"type":"Error","message":"AIRTABLE_API_KEY is missing","stack":"Error\\n    at x"},"msg":"Cannot start"}
{"level":30,"time":3,"msg":"Bye"}`,
    'Cannot start: AIRTABLE_API_KEY is missing',
    ['AIRTABLE_API_KEY'],
  ],
  [
    'a line of structlog',
    '{"event": "startup_failed", "error": "AIRTABLE_API_KEY is missing", "level": "critical"}',
    'startup_failed: AIRTABLE_API_KEY is missing',
    ['AIRTABLE_API_KEY'],
  ],
  [
    'text, and remarks after it',
    `Starting the server
AIRTABLE_API_KEY is not set.
Set it in .env, or pass --key.
Exiting.`,
    'AIRTABLE_API_KEY is not set.',
    ['AIRTABLE_API_KEY'],
  ],
  [
    'a warning, and an error of something else',
    `Warning: SENTRY_DSN is not set
/app/index.js:3
throw new Error('The database is down');
^

Error: The database is down
    at main (/app/index.js:3:7)`,
    'Error: The database is down',
    [],
  ],
  ['text without a failure', 'Starting\nReady', 'Ready', []],
  [
    'a script that npm does not find',
    `npm error Missing script: "start"
npm error
npm error To see a list of scripts, run:
npm error   npm run
npm error A complete log of this run can be found in: /root/.npm/_logs/x.log`,
    'npm error Missing script: "start"',
    [],
  ],
  ['the banner of npm', '\n> weather@1.0.0 start\n> node index.js\n', '> node index.js', []],
];

describe('the message of a crash', () => {
  it.each(crashes)('%s', (_, text, message, variables) => {
    expect(crashMessage(output(text))).toBe(message);
    expect(variablesMissedBy(output(text))).toEqual(variables);
  });

  it('is on stderr, whatever stdout prints between its lines', () => {
    const [first, second, ...rest] = output('Error: AIRTABLE_API_KEY is not set\n    at main (x.js:1:1)');
    if (!first || !second) throw new Error('There are two lines.');
    const lines = [first, { stream: 'stdout', text: 'connecting' }, second, ...rest];
    expect(crashMessage(lines)).toBe('Error: AIRTABLE_API_KEY is not set');
    expect(crashMessage(output('Error: no key\n    at main (x.js:1:1)', 'stdout'))).toBe('Error: no key');
  });

  it('is one short line without controls, colours and secrets', () => {
    const key = `ghp_${'a1B2c3D4e5'.repeat(4).slice(0, 36)}`;
    const text = `\u001b[31mError: bad\u0007 token ${key}\u001b[0m ${'x'.repeat(1_000)}\n    at main (x.js:1:1)`;
    const message = crashMessage(output(text)) ?? '';
    expect(message).toMatch(/^Error: bad token /);
    expect(message).not.toContain(key);
    expect(message).not.toContain('\u001b');
    expect(message.length).toBe(300);
  });

  it('is undefined without output', () => {
    expect(crashMessage([])).toBeUndefined();
    expect(crashMessage(output('\n  \n'))).toBeUndefined();
  });

  it('is found in long output in bounded time', () => {
    const lines = Array.from({ length: 300 }, () => ({ stream: 'stderr', text: 'Error: [ '.repeat(2_000) }));
    const begin = performance.now();
    crashMessage(lines);
    expect(performance.now() - begin).toBeLessThan(1_000);
  });
});

describe('the variables that a message calls missing', () => {
  it.each([
    ['Environment variable TOKEN is not set', ['TOKEN']],
    ['process.env.TOKEN is undefined', ['TOKEN']],
    ['Missing API_KEY, API_SECRET, BASE_ID and BASE_URL', ['API_KEY', 'API_SECRET', 'BASE_ID']],
    ['ERR_MODULE_NOT_FOUND: not found', []],
    ['MISSING_CONFIGURATION: required', []],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE: expected another', []],
    ['HTTP_404 not found', []],
    ['API_KEY was rejected by the upstream', []],
    ['The key <canary API_KEY> is missing a prefix', []],
    ['JSON is missing', []],
    ['connect ECONNREFUSED 127.0.0.1:5432', []],
  ])('%s', (message, names) => {
    expect(missingVariables(message)).toEqual(names);
  });
});
