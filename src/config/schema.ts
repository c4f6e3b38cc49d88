import * as z from 'zod';
import { staysAtOrigin } from './paths.ts';

const path = z
  .string()
  .regex(/^\/[^\\\p{Cc}]*$/u, 'a path starts with "/" and has no backslash and no control character')
  .refine(staysAtOrigin, 'a path stays on the server; after "//" comes the name of another');
const httpUrl = z.url({ protocol: /^https?$/ });
const environmentName = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'a name of an environment variable');

/** `mcp-prod.config.json`. Unknown keys are refused, so that a misspelt gate is not a gate that is silently open. */
export const configSchema = z
  .strictObject({
    $schema: z.string().optional(),
    url: httpUrl
      .optional()
      .describe(
        'The server to audit when no URL is given. Of a configuration that was only found, a plain URL on loopback; elsewhere name the configuration with --config.',
      ),
    build: z.string().min(1).optional().describe('Lab: run once before the first launch.'),
    start: z
      .string()
      .min(1)
      .optional()
      .describe(
        'Lab: how to launch the server. ${PORT} stands for the port to listen on; it is in the variable PORT as well.',
      ),
    stdio: z
      .string()
      .min(1)
      .optional()
      .describe(
        'Lab with --stdio: how to launch the server that speaks stdio; default: the project’s script "stdio" or "start:stdio", else "start", else its bin or its script "start".',
      ),
    portEnv: environmentName.optional().describe('Lab: the variable that takes the port; default PORT.'),
    endpoint: path
      .optional()
      .describe(
        'The path of the Streamable HTTP endpoint. Of a configuration that was only found, a path where MCP is usually served.',
      ),
    sse: path
      .optional()
      .describe(
        'The path of the HTTP+SSE stream. Of a configuration that was only found, a path where MCP is usually served.',
      ),
    health: path
      .optional()
      .describe(
        'The path of the health endpoint; no other is tried. Of a configuration that was only found, a plain path.',
      ),
    env: z
      .record(environmentName, z.string())
      .optional()
      .describe(
        'Lab: environment of the server under test. In values, ${PORT} stands for the port to listen on, ${PUBLIC_PORT} for the one that clients reach; they differ behind a load balancer.',
      ),
    services: z
      .array(
        z.strictObject({
          name: z.string().min(1),
          start: z.string().min(1).describe('Its command; ${PORT} stands for the port it has to listen on.'),
          env: z
            .record(environmentName, z.string())
            .optional()
            .describe(
              'What the server under test is told of it; ${PORT} stands for the port of the service.',
            ),
        }),
      )
      .optional()
      .describe(
        'Lab: what the server needs beside it, such as a database. Each launched server has its own.',
      ),
    secrets: z
      .array(environmentName)
      .optional()
      .describe('Lab: variables that hold secrets; they get canary values. Empty: there are none.'),
    required: z
      .array(environmentName)
      .optional()
      .describe('Lab: further variables that the server must not start without. Empty: there are none.'),
    credential: environmentName
      .optional()
      .describe('Lab: the secret that is also the client’s bearer token.'),
    authorization: z
      .strictObject({
        issuer: httpUrl.describe('Letter by letter as the server has it.'),
        audience: z
          .string()
          .min(1)
          .describe('The audience that tokens need; ${PUBLIC_PORT} stands for the port that clients reach.'),
        scope: z.string().min(1).optional().describe('Scopes, separated by spaces.'),
        claims: z
          .record(z.string(), z.unknown())
          .optional()
          .describe('Further claims, or others than the lab would choose.'),
        jwksUri: httpUrl
          .optional()
          .describe(
            'Where the server looks for the key set; default: what the issuer’s metadata says, /.well-known/jwks.json below the issuer.',
          ),
      })
      .optional()
      .describe(
        'Lab: the authorization server whose access tokens (JWT, RFC 9068) the server takes. The lab answers in its place and gives clients tokens of its own.',
      ),
    tool: z
      .strictObject({ name: z.string().min(1), arguments: z.record(z.string(), z.unknown()).optional() })
      .optional()
      .describe(
        'The only tool that may be called. Of a configuration that was only found, it is called only where the server marks it as read-only.',
      ),
    upstream: z
      .record(z.string(), z.record(z.string(), z.string()))
      .optional()
      .describe('Lab: canned answers by host, then by "METHOD /path", each a file.'),
    alert: z
      .strictObject({ env: environmentName })
      .optional()
      .describe('Lab: the variable that holds the alert URL.'),
    limits: z
      .strictObject({ env: z.record(environmentName, z.string()) })
      .optional()
      .describe(
        'Lab: variables that make the rate limit quick to meet and to recover, for the experiment that sends a burst only. In values, ${SECOND_CLIENT} stands for the bearer token of a second client, which the lab makes, and the name of a variable in "secrets" for its value, as in "one:${API_KEY},two:${SECOND_CLIENT}".',
      ),
    patienceMs: z
      .int()
      .min(1_000)
      .max(300_000)
      .optional()
      .describe('Lab: how long is waited for what may never come, such as the end of a call; default 20000.'),
    gate: z
      .strictObject({
        minScore: z.int().min(0).max(100).optional(),
        minCoverage: z
          .int()
          .min(0)
          .max(100)
          .optional()
          .describe('Percent of the rows that have to be assessed.'),
        require: z.array(z.string()).optional().describe('Ids of rows that have to pass.'),
        failOn: z.enum(['required', 'recommended']).optional(),
        baseline: z
          .string()
          .min(1)
          .optional()
          .describe(
            'A file of known failures, relative to this one; others fail, and so do entries that passed. Of a configuration that was only found, it lies beside or below it.',
          ),
      })
      .optional()
      .describe('What the audit has to reach; the command line goes before it.'),
  })
  .meta({ title: 'mcp-prod configuration' });

export type Config = z.infer<typeof configSchema>;
