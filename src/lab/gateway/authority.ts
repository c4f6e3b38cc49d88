import { generateKeyPair, randomBytes } from 'node:crypto';
import { createSecureContext, type SecureContext } from 'node:tls';
import { promisify } from 'node:util';
import forge from 'node-forge';

/** A certificate authority that lives as long as one run. Its key never leaves this process. */
export interface Authority {
  /** PEM, for those who are to trust it. */
  certificate: string;
  /** What a TLS server needs to be that host. */
  contextFor: (host: string) => SecureContext;
}

const generate = promisify(generateKeyPair);
const day = 24 * 60 * 60 * 1_000;
/** A server under test asks for a handful. */
const maxContexts = 1_000;

export async function createAuthority(): Promise<Authority> {
  // One key for all hosts: making one takes longer than the rest of a handshake.
  const [authorityKey, hostKey] = await Promise.all([rsaKey(), rsaKey()]);
  const issuer = [{ name: 'commonName', value: 'mcp-prod lab' }];
  const own = certify(authorityKey.publicKey, issuer, issuer, authorityKey.privateKey, [
    { name: 'basicConstraints', cA: true, critical: true },
    { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
    { name: 'subjectKeyIdentifier' },
  ]);
  const contexts = new Map<string, SecureContext>();

  const make = (host: string) => {
    // A name of more than 64 characters has no place in a common name (RFC 5280, appendix A); the alternative name counts.
    const subject = [{ name: 'commonName', value: host.slice(0, 64) }];
    const certificate = certify(hostKey.publicKey, subject, issuer, authorityKey.privateKey, [
      { name: 'basicConstraints', cA: false, critical: true },
      { name: 'keyUsage', digitalSignature: true, keyEncipherment: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      { name: 'subjectAltName', altNames: [{ type: 2, value: host }] },
      { name: 'subjectKeyIdentifier' },
      // Required by strict verifiers (RFC 5280 section 4.2.1.1; Python 3.13).
      { name: 'authorityKeyIdentifier', keyIdentifier: own.generateSubjectKeyIdentifier().getBytes() },
    ]);
    return createSecureContext({ key: hostKey.pem, cert: forge.pki.certificateToPem(certificate) });
  };
  return {
    certificate: forge.pki.certificateToPem(own),
    contextFor: (host) => {
      const known = contexts.get(host);
      if (known !== undefined) return known;
      const context = make(host);
      if (contexts.size < maxContexts) contexts.set(host, context);
      return context;
    },
  };
}

/** Made by OpenSSL, in another thread. */
async function rsaKey() {
  const pair = await generate('rsa', { modulusLength: 2048 });
  const pem = pair.privateKey.export({ type: 'pkcs1', format: 'pem' }).toString();
  const publicPem = pair.publicKey.export({ type: 'spki', format: 'pem' }).toString();
  return {
    pem,
    privateKey: forge.pki.privateKeyFromPem(pem),
    publicKey: forge.pki.publicKeyFromPem(publicPem),
  };
}

function certify(
  key: forge.pki.PublicKey,
  subject: forge.pki.CertificateField[],
  issuer: forge.pki.CertificateField[],
  signer: forge.pki.rsa.PrivateKey,
  extensions: object[],
): forge.pki.Certificate {
  const certificate = forge.pki.createCertificate();
  certificate.publicKey = key;
  // Positive, as RFC 5280 section 4.1.2.2 wants it.
  certificate.serialNumber = `01${randomBytes(15).toString('hex')}`;
  certificate.validity.notBefore = new Date(Date.now() - day);
  certificate.validity.notAfter = new Date(Date.now() + 2 * day);
  certificate.setSubject(subject);
  certificate.setIssuer(issuer);
  certificate.setExtensions(extensions);
  certificate.sign(signer, forge.md.sha256.create());
  return certificate;
}
