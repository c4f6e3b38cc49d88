import * as z from 'zod';
import { staysAtOrigin } from './paths.ts';

const path = z
  .string()
  .regex(/^\/[^\\\p{Cc}]*$/u, 'must start with "/" and contain no backslash or control character')
  .refine(staysAtOrigin, 'must be a path on the server: "//" would name another server');
const httpUrl = z.url({ protocol: /^https?$/ });
const environmentName = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'must be the name of an environment variable');

/** One line for a report. */
const statement = z
  .string()
  .max(300)
  .regex(/\S/, 'must not be empty')
  .regex(/^[^\p{Cc}\p{Zl}\p{Zp}]*$/u, 'must be one line');

/** `mcp-prod.config.json`. Unknown keys are errors: a misspelt gate would otherwise be silently open. */
export const configSchema = z
  .strictObject({
    $schema: z.string().optional(),
    url: httpUrl
      .optional()
      .describe(
        'The server to audit if the command line gives no URL. Without --config or --lab, it must be a plain URL on loopback.',
      ),
    build: z
      .string()
      .min(1)
      .optional()
      .describe('Lab: the build command. It runs once, before the first launch.'),
    start: z
      .string()
      .min(1)
      .optional()
      .describe(
        'Lab: the start command of the server. ${PORT} is the port to listen on. The variable named by portEnv holds it too.',
      ),
    stdio: z
      .string()
      .min(1)
      .optional()
      .describe(
        'Lab with --stdio: the start command of the stdio server. Default: the script "stdio" or "start:stdio" of package.json, else "start" of this file, else the bin or the script "start" of package.json.',
      ),
    portEnv: environmentName
      .optional()
      .describe('Lab: the environment variable for the port. Default: PORT.'),
    endpoint: path
      .optional()
      .describe(
        'The path of the Streamable HTTP endpoint. Without --config or --lab, it is requested only if it is a usual MCP path.',
      ),
    sse: path
      .optional()
      .describe(
        'The path of the HTTP+SSE stream. Without --config or --lab, it is requested only if it is a usual MCP path.',
      ),
    health: path
      .optional()
      .describe(
        'The path of the health endpoint. No other path is tried. Without --config or --lab, it must be a plain path.',
      ),
    env: z
      .record(environmentName, z.string())
      .optional()
      .describe(
        'Lab: environment variables of the server under test. In values, ${PORT} is the port to listen on, and ${PUBLIC_PORT} is the port that clients use. The two differ behind a load balancer.',
      ),
    services: z
      .array(
        z.strictObject({
          name: z.string().min(1),
          start: z
            .string()
            .min(1)
            .describe('The start command of the service. ${PORT} is the port to listen on.'),
          env: z
            .record(environmentName, z.string())
            .optional()
            .describe(
              'Environment variables that tell the server under test how to reach the service. ${PORT} is the port of the service.',
            ),
        }),
      )
      .optional()
      .describe(
        'Lab: services that the server needs, for example a database. Each launched server has its own.',
      ),
    secrets: z
      .array(environmentName)
      .optional()
      .describe(
        'Lab: variables that hold secrets. The lab sets them to canary values. An empty list means that there are none.',
      ),
    required: z
      .array(environmentName)
      .optional()
      .describe(
        'Lab: further variables without which the server must not start. An empty list means that there are none.',
      ),
    credential: environmentName
      .optional()
      .describe('Lab: the secret that clients send as their bearer token.'),
    authorization: z
      .strictObject({
        issuer: httpUrl.describe('The issuer, exactly as the server is configured.'),
        audience: z
          .string()
          .min(1)
          .describe('The audience that the server requires. ${PUBLIC_PORT} is the port that clients use.'),
        scope: z.string().min(1).optional().describe('Scopes, separated by spaces.'),
        claims: z.record(z.string(), z.unknown()).optional().describe('Claims to add, or to override.'),
        jwksUri: httpUrl
          .optional()
          .describe(
            'The URL of the key set, if the server does not take it from the metadata of the issuer. Default: /.well-known/jwks.json below the issuer.',
          ),
      })
      .optional()
      .describe(
        'Lab: the authorization server whose access tokens (JWT, RFC 9068) the server accepts. The lab simulates it and issues tokens to clients.',
      ),
    tool: z
      .strictObject({ name: z.string().min(1), arguments: z.record(z.string(), z.unknown()).optional() })
      .optional()
      .describe(
        'The only tool that may be called. Without --config or --lab, it is called only if the server marks it as read-only.',
      ),
    upstream: z
      .union([z.record(z.string(), z.record(z.string(), z.string())), z.literal(false)])
      .optional()
      .describe(
        'Lab: canned responses of upstream services: by host, then by "METHOD /path", the file that holds the response. false: the server calls no upstream, and criteria about upstreams do not apply. The lab checks this. Without --config or --lab, false is ignored.',
      ),
    attest: z
      .record(z.string(), statement)
      .optional()
      .describe(
        'Facts outside the project that make criteria true: by "row/criterion", what is there. "mcp-prod checks <id>" shows which criteria a fact can answer. Reports list each one, and other evidence overrules it. Ignored without --config or --lab.',
      ),
    alert: z
      .strictObject({ env: environmentName })
      .optional()
      .describe('Lab: the variable that holds the alert URL.'),
    limits: z
      .strictObject({ env: z.record(environmentName, z.string()) })
      .optional()
      .describe(
        'Lab: variables for the burst experiment only. They should make the rate limit low and its recovery quick. In values, ${SECOND_CLIENT} is a bearer token that the lab makes for a second client, and ${NAME} is the value of the variable NAME in "secrets". Example: "one:${API_KEY},two:${SECOND_CLIENT}".',
      ),
    patienceMs: z
      .int()
      .min(1_000)
      .max(300_000)
      .optional()
      .describe(
        'Lab: how long to wait for an event that may never happen, for example the end of a call. In milliseconds. Default: 20000.',
      ),
    gate: z
      .strictObject({
        minScore: z.int().min(0).max(100).optional().describe('The lowest accepted score.'),
        minCoverage: z
          .int()
          .min(0)
          .max(100)
          .optional()
          .describe('The percentage of the points that must be assessed.'),
        require: z
          .array(z.string())
          .optional()
          .describe(
            'Ids of rows that must pass, or be partial by extras alone: all their core criteria must be seen.',
          ),
        failOn: z
          .enum(['required', 'recommended'])
          .optional()
          .describe('The level from which a failed row fails the gate. "recommended" means any row.'),
        baseline: z
          .string()
          .min(1)
          .optional()
          .describe(
            'A file of known failures, relative to this file. Other failures fail the gate, and so do entries that now pass. Without --config or --lab, it must lie beside this file or below it.',
          ),
      })
      .optional()
      .describe('The conditions for exit code 0. Options of the command line override them.'),
  })
  .meta({ title: 'mcp-prod configuration' });

export type Config = z.infer<typeof configSchema>;
