import type { AuthorizationServer, WireEvidence } from '../../../evidence/wire.ts';
import { parseObject } from '../../../text/json.ts';
import { answerOf, exchangeOf, isNotNow, summary } from '../../reading/wire/exchanges.ts';
import { fail, inconclusive, type Judgement, notApplicable, pass, worst } from '../../row.ts';

/** Whether the document that a challenge names is one (RFC 9728 section 2; MCP requires the authorization servers). */
export function judgeResourceMetadata(wire: WireEvidence): Judgement {
  const advertised = wire.endpoints.flatMap((endpoint) =>
    endpoint.access.filter((probe) =>
      /resource_metadata/i.test(answerOf(wire, probe.exchange)?.headers['www-authenticate'] ?? ''),
    ),
  );
  if (advertised.length === 0) return notApplicable('No challenge names RFC 9728 metadata.');
  const document = wire.endpoints.find((endpoint) => endpoint.resourceMetadata)?.resourceMetadata;
  if (!document) return inconclusive('The document that the challenge names was not asked for.');
  const exchange = exchangeOf(wire, document.exchange);
  const { outcome } = exchange;
  if (outcome.kind === 'failure') {
    return inconclusive(
      outcome.reason === 'blocked'
        ? `The challenge names ${document.url}, which was not asked for: ${outcome.message}`
        : `${summary(exchange)}, so it is not known whether the document is served.`,
    );
  }
  if (isNotNow(outcome.status)) {
    return inconclusive(`${summary(exchange)}, so it is not known whether the document is served.`);
  }
  const body = outcome.status === 200 ? parseObject(outcome.body) : undefined;
  return typeof body?.resource === 'string' && Array.isArray(body.authorization_servers)
    ? pass(`${summary(exchange)}: it names the resource and its authorization servers.`, exchange)
    : fail(`${summary(exchange)}: it is no RFC 9728 document with "resource".`, exchange);
}

/** Whether a client that has to log in learns from the metadata where to go. */
export function judgeAuthorizationServers(wire: WireEvidence): Judgement {
  if (wire.authorizationServers.length === 0) return notApplicable('No authorization server was named.');
  return worst(wire.authorizationServers.map((server) => judgeServer(wire, server)));
}

function judgeServer(wire: WireEvidence, { issuer, exchange: id, reason }: AuthorizationServer): Judgement {
  // An issuer is an https URL (RFC 8414 section 2).
  if (!/^https?:\/\//i.test(issuer))
    return fail(`The metadata names the issuer "${issuer}", which is no https URL.`);
  if (id === null) return inconclusive(`${issuer} was not asked: ${reason ?? 'nothing was sent.'}`);
  const exchange = exchangeOf(wire, id);
  const { outcome } = exchange;
  if (outcome.kind === 'failure' || isNotNow(outcome.status)) {
    return inconclusive(`${issuer}: ${summary(exchange)}, so its metadata was not seen.`);
  }
  const document = outcome.status === 200 ? parseObject(outcome.body) : undefined;
  if (document === undefined && outcome.status === 200 && outcome.body.length < outcome.bodyBytes) {
    return inconclusive(`${issuer}: ${summary(exchange)}, more than was kept.`);
  }
  if (typeof document?.issuer !== 'string') {
    return outcome.status === 200 || outcome.status === 404
      ? fail(`${issuer}: ${summary(exchange)}, and no well-known path has its metadata.`, exchange)
      : inconclusive(`${issuer}: ${summary(exchange)}, so its metadata was not seen.`);
  }
  // RFC 8414 section 3.3: clients refuse a document of another issuer. Many are lenient about a slash at its end.
  return bare(document.issuer) === bare(issuer)
    ? pass(`${issuer}: ${summary(exchange)}: it tells clients where to log in.`, exchange)
    : fail(
        `${issuer}: ${summary(exchange)}: its metadata says it is ${JSON.stringify(document.issuer)}.`,
        exchange,
      );
}

const bare = (issuer: string): string => issuer.replace(/\/$/, '');
