import type { AuthorizationServer, WireEvidence } from '../../../evidence/wire.ts';
import { parseObject } from '../../../text/json.ts';
import { answerOf, exchangeOf, isUnavailable, summary } from '../../reading/wire/exchanges.ts';
import { fail, inconclusive, type Judgement, notApplicable, pass, worst } from '../../row.ts';

/** Judges the document that a challenge names (RFC 9728 section 2; MCP requires the authorization servers). */
export function judgeResourceMetadata(wire: WireEvidence): Judgement {
  const advertised = wire.endpoints.flatMap((endpoint) =>
    endpoint.access.filter((probe) =>
      /resource_metadata/i.test(answerOf(wire, probe.exchange)?.headers['www-authenticate'] ?? ''),
    ),
  );
  if (advertised.length === 0) return notApplicable('No challenge of the server names RFC 9728 metadata.');
  const document = wire.endpoints.find((endpoint) => endpoint.resourceMetadata)?.resourceMetadata;
  if (!document) return inconclusive('The audit did not request the metadata that the challenge names.');
  const exchange = exchangeOf(wire, document.exchange);
  const { outcome } = exchange;
  if (outcome.kind === 'failure' && outcome.reason === 'blocked') {
    return inconclusive(`The audit did not request the metadata at ${document.url}. ${outcome.message}`);
  }
  if (outcome.kind === 'failure' || isUnavailable(outcome.status)) {
    return inconclusive(`${summary(exchange)}. Whether the server serves the metadata is unknown.`);
  }
  const body = outcome.status === 200 ? parseObject(outcome.body) : undefined;
  return typeof body?.resource === 'string' && Array.isArray(body.authorization_servers)
    ? pass(`${summary(exchange)}. The metadata names the resource and its authorization servers.`, exchange)
    : fail(
        `${summary(exchange)}. Expected: an RFC 9728 document with "resource" and "authorization_servers".`,
        exchange,
      );
}

/** Judges whether clients can find the authorization servers that the metadata names. */
export function judgeAuthorizationServers(wire: WireEvidence): Judgement {
  if (wire.authorizationServers.length === 0)
    return notApplicable('The server’s metadata names no authorization server.');
  return worst(wire.authorizationServers.map((server) => judgeServer(wire, server)));
}

function judgeServer(wire: WireEvidence, { issuer, exchange: id, reason }: AuthorizationServer): Judgement {
  // An issuer is an https URL (RFC 8414 section 2).
  if (!/^https?:\/\//i.test(issuer))
    return fail(`The metadata names the issuer "${issuer}". This is not an https URL.`);
  if (id === null)
    return inconclusive(`The audit sent no request to ${issuer}: ${reason ?? 'the reason is unknown.'}`);
  const exchange = exchangeOf(wire, id);
  const { outcome } = exchange;
  const response = `${issuer}: ${summary(exchange)}.`;
  if (outcome.kind === 'failure' || isUnavailable(outcome.status)) {
    return inconclusive(`${response} Whether it serves metadata is unknown.`);
  }
  const document = outcome.status === 200 ? parseObject(outcome.body) : undefined;
  if (document === undefined && outcome.status === 200 && outcome.body.length < outcome.bodyBytes) {
    return inconclusive(
      `${response} Its metadata is unknown: the audit kept only the beginning of ${outcome.bodyBytes} bytes.`,
    );
  }
  if (typeof document?.issuer !== 'string') {
    return outcome.status === 200 || outcome.status === 404
      ? fail(`${response} No well-known path serves its metadata.`, exchange)
      : inconclusive(`${response} Whether it serves metadata is unknown.`);
  }
  // Clients refuse metadata of another issuer (RFC 8414 section 3.3). Many ignore a slash at its end.
  return bare(document.issuer) === bare(issuer)
    ? pass(`${response} Its metadata names the same issuer.`, exchange)
    : fail(`${response} Its metadata names another issuer: ${JSON.stringify(document.issuer)}.`, exchange);
}

const bare = (issuer: string): string => issuer.replace(/\/$/, '');
