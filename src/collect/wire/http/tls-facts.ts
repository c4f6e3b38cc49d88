import type { PeerCertificate, TLSSocket } from 'node:tls';
import type { TlsFacts } from '../../../evidence/wire.ts';
import { describeFailure } from '../../../protocol/failures.ts';
import { singleLine } from '../../../text/printable.ts';

/** What an established TLS connection tells of itself. */
export function tlsFacts(socket: TLSSocket): TlsFacts {
  // Null once the socket is destroyed.
  const certificate: Partial<PeerCertificate> | null = socket.getPeerCertificate();
  const end = new Date(certificate?.valid_to ?? '');
  return {
    protocol: socket.getProtocol(),
    authorized: socket.authorized,
    problem: null,
    validTo: Number.isNaN(end.getTime()) ? null : end.toISOString(),
  };
}

/** A handshake that failed, or null when the connection failed before there was one. */
export function refusedTls(error: Error): TlsFacts | null {
  const { reason, message } = describeFailure(error);
  if (reason !== 'tls') return null;
  return { protocol: null, authorized: false, problem: singleLine(message), validTo: null };
}
