/** What a certificate says that Node.js does not tell of it: names and key as OCSP hashes them, and must-staple. */
import {
  bytesOf,
  childrenOf,
  DerError,
  encodedOf,
  type CertificateExtension,
  extensionsOf,
  Fields,
  numberBytesOf,
  oidOf,
  readDer,
  secondsOf,
  serialText,
} from "./der.ts";

/** TLS feature (RFC 7633, 6); status_request is the extension with number 5 of the ClientHello. */
export const TLS_FEATURE_OID = "1.3.6.1.5.5.7.1.24";
const STATUS_REQUEST = 5;
const EXTENDED_KEY_USAGE_OID = "2.5.29.37";
export const OCSP_SIGNING_OID = "1.3.6.1.5.5.7.3.9";

export interface CertificateFacts {
  /** Hexadecimal, as openssl prints it. */
  serial: string;
  /** The names in DER. */
  issuerName: Uint8Array;
  subjectName: Uint8Array;
  /** The key without its algorithm: what OCSP makes its hashes of (RFC 6960, 4.1.1). */
  publicKeyBits: Uint8Array;
  notBeforeSeconds: number;
  notAfterSeconds: number;
  /** Whether a server that shows it has to staple (RFC 7633). */
  isMustStaple: boolean;
  /** Object identifiers of the extended key usage. */
  extendedKeyUsages: readonly string[];
}

/** @throws Error when the bytes are no certificate (RFC 5280, 4.1) */
export function readCertificate(der: Uint8Array): CertificateFacts {
  const tbs = new Fields(new Fields(readDer(der)).take());
  tbs.tagged(0); // version
  const serial = serialText(numberBytesOf(tbs.take()));
  tbs.take(); // signature algorithm
  const issuerName = encodedOf(tbs.take());
  const [notBefore, notAfter] = childrenOf(tbs.take());
  const subjectName = encodedOf(tbs.take());
  const keyInfo = new Fields(tbs.take());
  keyInfo.take(); // algorithm
  const publicKeyBits = bytesOf(keyInfo.take());
  tbs.tagged(1); // unique identifiers, which nobody has
  tbs.tagged(2);
  const tagged = tbs.tagged(3);
  const extensions = tagged === undefined ? [] : extensionsOf(childrenOf(tagged)[0]);
  if (notBefore === undefined || notAfter === undefined) throw new DerError("a time is missing");
  return {
    serial,
    issuerName,
    subjectName,
    publicKeyBits,
    notBeforeSeconds: secondsOf(notBefore),
    notAfterSeconds: secondsOf(notAfter),
    isMustStaple: listIn(extensions, TLS_FEATURE_OID).some(
      (field) => numberOf(numberBytesOf(field)) === STATUS_REQUEST,
    ),
    extendedKeyUsages: listIn(extensions, EXTENDED_KEY_USAGE_OID).map(oidOf),
  };
}

/** What the SEQUENCE of an extension has. */
function listIn(extensions: readonly CertificateExtension[], oid: string): ReturnType<typeof childrenOf> {
  const found = extensions.find((extension) => extension.oid === oid);
  return found === undefined ? [] : childrenOf(readDer(found.value));
}

const numberOf = (bytes: Uint8Array): number => bytes.reduce((sum, byte) => sum * 256 + byte, 0);
