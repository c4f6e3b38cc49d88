import type { PeerCertificate, TLSSocket } from 'node:tls';
import type { TlsFacts } from '../../../evidence/wire.ts';
import { describeFailure } from '../../../protocol/failures.ts';
import { singleLine } from '../../../text/printable.ts';

/** The facts of an established TLS connection. */
export function tlsFacts(socket: TLSSocket): TlsFacts {
  // Null after the socket is destroyed.
  const certificate: Partial<PeerCertificate> | null = socket.getPeerCertificate();
  const end = new Date(certificate?.valid_to ?? '');
  return {
    protocol: socket.getProtocol(),
    authorized: socket.authorized,
    problem: null,
    validTo: Number.isNaN(end.getTime()) ? null : end.toISOString(),
  };
}

/** The facts of a failed handshake. Null when the connection failed before it. */
export function refusedTls(error: Error): TlsFacts | null {
  const { reason, message } = describeFailure(error);
  if (reason !== 'tls') return null;
  return { protocol: null, authorized: false, problem: singleLine(message), validTo: null };
}
