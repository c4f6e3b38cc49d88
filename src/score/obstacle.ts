import { whyUnread } from '../checklist/reading/server/unfinished.ts';
import { answerOf, exchangeOf, isServed } from '../checklist/reading/wire/exchanges.ts';
import type { Evidence } from '../evidence/evidence.ts';
import type { Answer, Exchange, Failure } from '../evidence/exchange.ts';
import { projectParts } from '../evidence/project-part.ts';
import type { WireEvidence } from '../evidence/wire.ts';
import { usualEndpoint } from '../protocol/usual-paths.ts';
import { misaddressed, nextAfterTls, type Obstacle } from './misaddressed.ts';
import type { Assessment } from './score.ts';

/**
 * Why the target could not be assessed; null when it could.
 * A given server must be reachable and speak MCP, even if files of its project could be judged.
 */
export function obstacle(evidence: Evidence, assessment: Assessment): Obstacle | null {
  const { lab } = evidence;
  if (lab?.unserved) {
    return {
      what: `The lab ran "${lab.command}". ${lab.unserved.reason}`,
      next: lab.unserved.help ?? 'Run the command yourself and read its output.',
    };
  }
  if (evidence.wire) {
    const unserved = unreached(evidence.wire);
    if (unserved) return unserved;
  }
  // What the configuration attests is no sign of the target.
  if (assessment.rows.some(({ proof }) => proof !== null && proof !== 'attested')) return null;
  if (assessment.leftOut.length > 0) {
    return {
      what: 'None of the selected rows could be assessed.',
      next: 'Read the reasons in the report (--format json).',
    };
  }
  const unread = evidence.wire ? undefined : whyUnread(evidence.project, projectParts);
  if (unread && 'reason' in unread) {
    return { what: 'Nothing in the project could be assessed.', next: unread.reason };
  }
  return {
    what: evidence.wire
      ? 'The server speaks MCP, but no row could be assessed: every probe was inconclusive.'
      : 'Nothing in the project could be assessed: no Dockerfile or compose file could be judged.',
    next: evidence.wire
      ? 'Read the reasons in the report (--format json).'
      : 'Give the project’s root, or the URL of a running server. Read the reasons with --format json.',
  };
}

function unreached(wire: WireEvidence): Obstacle | null {
  if (isServed(wire)) return null;
  const exchange = mostInformative(wire);
  if (!exchange) return { what: `The audit sent no request to ${wire.url}.`, next: 'Raise --budget <ms>.' };
  return exchange.outcome.kind === 'failure'
    ? failureText(wire.url, exchange.outcome, exchange.durationMs)
    : (misaddressed(wire.url, exchange, exchange.outcome) ?? answerText(wire, exchange.outcome));
}

/** A response of the given URL, before a failure. */
function mostInformative(wire: WireEvidence): Exchange | undefined {
  const own = wire.clients.flatMap((attempt) => attempt.exchanges).map((id) => exchangeOf(wire, id));
  const all = own.length > 0 ? own : wire.exchanges;
  return all.find(({ id }) => answerOf(wire, id)) ?? all[0];
}

function failureText(url: string, { reason, message }: Failure, durationMs: number): Obstacle {
  const { host, hostname, protocol } = new URL(url);
  const texts: Record<Failure['reason'], Obstacle> = {
    refused: {
      what: `Nothing listens on ${host}: the connection was refused.`,
      next: 'Start the server, or check the port.',
    },
    unreachable: {
      what: `${host} could not be reached: ${message}.`,
      next: 'Check the address and the network.',
    },
    'unknown-host': {
      what: `The host name ${hostname} could not be resolved.`,
      next: 'Check the spelling of the URL.',
    },
    reset: {
      what: `${host} closed the connection without a response.`,
      next:
        protocol === 'http:' ? 'If the server uses TLS, use https://.' : 'Check what listens on that port.',
    },
    timeout: {
      what: `${host} sent no response within ${Math.round(durationMs)} ms.`,
      next: 'Check whether the server hangs, or raise --timeout <ms>.',
    },
    tls: {
      what: `The TLS connection to ${host} failed: ${message}.`,
      next: nextAfterTls(url, message),
    },
    protocol: {
      what: `${host} does not speak HTTP: ${message}.`,
      next: 'Check the port and the scheme of the URL.',
    },
    budget: { what: `The time budget ended before ${host} answered.`, next: 'Raise --budget <ms>.' },
    blocked: {
      what: `${url} redirects to another origin. The audit does not follow it.`,
      next: 'Audit the URL that it redirects to, if it is yours.',
    },
  };
  return texts[reason];
}

function answerText(wire: WireEvidence, { status, headers }: Answer): Obstacle {
  const { pathname } = new URL(wire.url);
  if (status === 401 || status === 403) {
    return wire.credentialGiven
      ? {
          what: `${wire.url} answered ${status}: the server did not accept the credential.`,
          next: 'Check --token (or MCP_PROD_TOKEN) and --header.',
        }
      : {
          what: `${wire.url} answered ${status}: the server requires a credential.`,
          next: 'Give one with --token <token>, MCP_PROD_TOKEN or --header "Name: value".',
        };
  }
  if (status >= 300 && status < 400) {
    return {
      what: `${wire.url} answered ${status}, a redirect. The audit does not follow it.`,
      next: 'Audit the URL that it redirects to, if it is yours.',
    };
  }
  if (status === 429) {
    return {
      what: `${wire.url} answered 429: the server limits requests.`,
      next: 'Wait until the limit resets, then try again.',
    };
  }
  // A plain web server answers POST with 501.
  if (status >= 500 && status !== 501) {
    return {
      what: `${wire.url} answered ${status} to every MCP client.`,
      next: 'Read the log of the server.',
    };
  }
  const silent = silentStream(wire);
  if (silent) {
    return {
      what: `${wire.url} answered ${status} to POST and sent no response to GET within ${Math.round(silent.durationMs)} ms.`,
      next: 'If the server uses HTTP+SSE behind a proxy, turn off buffering in the proxy (nginx: proxy_buffering off).',
    };
  }
  const type = headers['content-type']?.split(';')[0] ?? 'no content type';
  return {
    what: `${wire.url} is not an MCP endpoint: it answered ${status} (${type}) to every MCP client.`,
    next:
      pathname === usualEndpoint
        ? 'Check the path of the URL.'
        : `Check the path of the URL; most servers use ${usualEndpoint}.`,
  };
}

/** The GET of the given URL without a response: an event stream looks like this when a proxy buffers it. */
function silentStream(wire: WireEvidence): Exchange | undefined {
  return wire.exchanges.find(
    ({ request, outcome }) =>
      request.method === 'GET' &&
      request.url === wire.url &&
      outcome.kind === 'failure' &&
      outcome.reason === 'timeout',
  );
}
