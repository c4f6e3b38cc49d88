import { constants, generateKeyPair, type KeyObject, privateEncrypt, randomBytes } from 'node:crypto';
import { createSecureContext, type SecureContext } from 'node:tls';
import { promisify } from 'node:util';
import forge from 'node-forge';

/** A certificate authority for one lab. Its key never leaves this process. */
export interface Authority {
  /** PEM, for clients that have to trust it. */
  certificate: string;
  /** For a TLS server with that host name. */
  contextFor: (host: string) => SecureContext;
}

const generate = promisify(generateKeyPair);
const day = 24 * 60 * 60 * 1_000;
/** A server under test needs a handful. */
const maxContexts = 1_000;

export async function createAuthority(): Promise<Authority> {
  // One key for all hosts: making a key takes longer than the rest of a handshake.
  const [authorityKey, hostKey] = await Promise.all([rsaKey(), rsaKey()]);
  const issuer = [{ name: 'commonName', value: 'mcp-prod lab' }];
  const own = certify(authorityKey.publicKey, issuer, issuer, authorityKey, [
    { name: 'basicConstraints', cA: true, critical: true },
    { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
    { name: 'subjectKeyIdentifier' },
  ]);
  const contexts = new Map<string, SecureContext>();

  const make = (host: string) => {
    // A common name has at most 64 characters (RFC 5280, appendix A). Clients check the alternative name.
    const subject = [{ name: 'commonName', value: host.slice(0, 64) }];
    const certificate = certify(hostKey.publicKey, subject, issuer, authorityKey, [
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

interface RsaKey {
  pem: string;
  publicKey: forge.pki.PublicKey;
  /** As the library calls it. */
  sign: (digest: forge.md.MessageDigest) => string;
}

/** Made and used by OpenSSL: in JavaScript a signature takes a hundred times as long. */
async function rsaKey(): Promise<RsaKey> {
  const { privateKey, publicKey } = await generate('rsa', { modulusLength: 2048 });
  return {
    pem: privateKey.export({ type: 'pkcs1', format: 'pem' }).toString(),
    publicKey: forge.pki.publicKeyFromPem(publicKey.export({ type: 'spki', format: 'pem' }).toString()),
    sign: (digest) => signature(privateKey, Buffer.from(digest.digest().getBytes(), 'latin1')),
  };
}

/** The prefix of a SHA-256 digest in a signature (RFC 8017 section 9.2, note 1). */
const digestInfo = Buffer.from('3031300d060960864801650304020105000420', 'hex');

/** RSASSA-PKCS1-v1_5 of a digest (RFC 8017 section 8.2.1). */
function signature(key: KeyObject, digest: Buffer): string {
  const padding = constants.RSA_PKCS1_PADDING;
  return privateEncrypt({ key, padding }, Buffer.concat([digestInfo, digest])).toString('latin1');
}

function certify(
  key: forge.pki.PublicKey,
  subject: forge.pki.CertificateField[],
  issuer: forge.pki.CertificateField[],
  signer: RsaKey,
  extensions: object[],
): forge.pki.Certificate {
  const certificate = forge.pki.createCertificate();
  certificate.publicKey = key;
  // Positive (RFC 5280 section 4.1.2.2).
  certificate.serialNumber = `01${randomBytes(15).toString('hex')}`;
  certificate.validity.notBefore = new Date(Date.now() - day);
  certificate.validity.notAfter = new Date(Date.now() + 2 * day);
  certificate.setSubject(subject);
  certificate.setIssuer(issuer);
  certificate.setExtensions(extensions);
  certificate.sign(signer as unknown as forge.pki.rsa.PrivateKey, forge.md.sha256.create());
  return certificate;
}
