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
 * What kept the audit from assessing its target, or null when it could be assessed.
 * A server that was asked for has to be reached and has to speak MCP: files beside it do not make up for that.
 */
export function obstacle(evidence: Evidence, assessment: Assessment): Obstacle | null {
  const { lab } = evidence;
  if (lab?.unserved) {
    return {
      what: `The lab ran "${lab.command}". ${lab.unserved.reason}`,
      next: lab.unserved.help ?? 'Start it yourself, and see.',
    };
  }
  if (evidence.wire) {
    const unserved = unreached(evidence.wire);
    if (unserved) return unserved;
  }
  if (assessment.coverage.assessed > 0) return null;
  if (assessment.leftOut.length > 0) {
    return {
      what: 'None of the rows that were asked for could be assessed.',
      next: 'See the reasons in the report (--format json).',
    };
  }
  const unread = evidence.wire ? undefined : whyUnread(evidence.project, projectParts);
  if (unread && 'reason' in unread) {
    return { what: 'Nothing in the project could be assessed.', next: unread.reason };
  }
  return {
    what: evidence.wire
      ? 'The server speaks MCP, but no row could be assessed: every probe was inconclusive.'
      : 'Nothing in the project could be assessed: no Dockerfile and no compose file that could be judged was found.',
    next: evidence.wire
      ? 'See the reasons in the report (--format json).'
      : 'Name the project’s root, or give the URL of a running server. The reasons are in --format json.',
  };
}

function unreached(wire: WireEvidence): Obstacle | null {
  if (isServed(wire)) return null;
  const exchange = telling(wire);
  if (!exchange)
    return { what: `Nothing was sent to ${wire.url}.`, next: 'Give it more time with --budget.' };
  return exchange.outcome.kind === 'failure'
    ? failureText(wire.url, exchange.outcome, exchange.durationMs)
    : (misaddressed(wire.url, exchange, exchange.outcome) ?? answerText(wire, exchange.outcome));
}

/** The exchange that says most: an answer of the named URL, before a failure. */
function telling(wire: WireEvidence): Exchange | undefined {
  const own = wire.clients.flatMap((attempt) => attempt.exchanges).map((id) => exchangeOf(wire, id));
  const all = own.length > 0 ? own : wire.exchanges;
  return all.find(({ id }) => answerOf(wire, id)) ?? all[0];
}

function failureText(url: string, { reason, message }: Failure, durationMs: number): Obstacle {
  const { host, protocol } = new URL(url);
  const texts: Record<Failure['reason'], Obstacle> = {
    refused: {
      what: `Nothing listens on ${host}: the connection was refused.`,
      next: 'Start the server, or check the port.',
    },
    unreachable: {
      what: `${host} cannot be reached: ${message}.`,
      next: 'Check the address and the network.',
    },
    'unknown-host': {
      what: `There is no host of that name: ${host}.`,
      next: 'Check the spelling of the URL.',
    },
    reset: {
      what: `${host} closed the connection without an answer.`,
      next: protocol === 'http:' ? 'If it serves TLS, use https://.' : 'Check what listens on that port.',
    },
    timeout: {
      what: `${host} sent no answer within ${Math.round(durationMs)} ms.`,
      next: 'Check whether the server hangs, or give it more time with --timeout <ms>.',
    },
    tls: {
      what: `The TLS connection to ${host} failed: ${message}.`,
      next: nextAfterTls(url, message),
    },
    protocol: {
      what: `${host} does not speak HTTP: ${message}.`,
      next: 'Check the port and the scheme of the URL.',
    },
    budget: { what: `Time ran out before ${host} answered.`, next: 'Give it more time with --budget <ms>.' },
    blocked: {
      what: `${url} sends clients to another origin, which is not followed.`,
      next: 'Audit that URL itself.',
    },
  };
  return texts[reason];
}

function answerText(wire: WireEvidence, { status, headers }: Answer): Obstacle {
  const { pathname } = new URL(wire.url);
  if (status === 401 || status === 403) {
    return wire.credentialGiven
      ? {
          what: `${wire.url} answered ${status}: it did not accept the given credential.`,
          next: 'Check --token (or MCP_PROD_TOKEN) and --header.',
        }
      : {
          what: `${wire.url} answered ${status}: it wants a credential, so nothing behind it was seen.`,
          next: 'Give one with --token <token>, MCP_PROD_TOKEN or --header "Name: value".',
        };
  }
  if (status >= 300 && status < 400) {
    return {
      what: `${wire.url} answered ${status} and sends clients elsewhere, which is not followed.`,
      next: 'Audit the URL that it redirects to, if it is yours.',
    };
  }
  if (status === 429) {
    return {
      what: `${wire.url} answered 429: it asks to slow down.`,
      next: 'Wait until its limit is over and try again.',
    };
  }
  // 501 is what a plain web server says to POST.
  if (status >= 500 && status !== 501) {
    return {
      what: `${wire.url} answered ${status} to every MCP client.`,
      next: 'Read the server’s own log.',
    };
  }
  const silent = silentStream(wire);
  if (silent) {
    return {
      what: `${wire.url} answered ${status} to POST, and nothing to GET within ${Math.round(silent.durationMs)} ms.`,
      next: 'If it serves HTTP+SSE behind a proxy, switch off buffering there (nginx: proxy_buffering off).',
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

/** The GET of the named URL that got no answer: an event stream whose beginning a proxy keeps to itself looks like that. */
function silentStream(wire: WireEvidence): Exchange | undefined {
  return wire.exchanges.find(
    ({ request, outcome }) =>
      request.method === 'GET' &&
      request.url === wire.url &&
      outcome.kind === 'failure' &&
      outcome.reason === 'timeout',
  );
}
