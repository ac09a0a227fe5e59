/** Makes certificates (RFC 5280), each with a key of its own, signed by an issuer or by itself. */
import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
  webcrypto,
} from "node:crypto";
import * as asn1js from "asn1js";
import * as pkijs from "pkijs";
import { OCSP_SIGNING_OID, TLS_FEATURE_OID } from "../certificate.ts";
import { addressBytes } from "./address.ts";

export type CertificateKind = "authority" | "server" | "client" | "responder";

/** A certificate with the key that it is about. */
export interface CertifiedKey {
  certificateDer: Uint8Array;
  privateKey: KeyObject;
}

export interface CertificateRequest {
  kind: CertificateKind;
  /** Common name. */
  name: string;
  /** DNS names and IP addresses of a server. */
  dnsNames?: readonly string[];
  addresses?: readonly string[];
  /** The server has to staple (RFC 7633). */
  mustStaple?: boolean;
  /** Authorities below an authority, at most. */
  pathLength?: number;
  notBeforeSeconds: number;
  notAfterSeconds: number;
}

const VERSION_3 = 2;
/** RFC 5280, 4.1.2.2: 20 at most, not negative, not 0. */
const SERIAL_BYTES = 16;
const MS_PER_SECOND = 1000;
const COMMON_NAME_OID = "2.5.4.3";
const CURVE = "P-256";
/** From that year on a time is GeneralizedTime (RFC 5280, 4.1.2.5). */
const GENERALIZED_FROM_MS = Date.UTC(2050, 0);

/** KeyUsage, a bit each from the left (RFC 5280, 4.2.1.3). */
const KEY_USAGE = { digitalSignature: 0x80, keyCertSign: 0x04, crlSign: 0x02 } as const;
const EXTENDED_USAGES: Readonly<Record<CertificateKind, string | undefined>> = {
  authority: undefined,
  server: "1.3.6.1.5.5.7.3.1",
  client: "1.3.6.1.5.5.7.3.2",
  responder: OCSP_SIGNING_OID,
};
const DNS_NAME = 2;
const IP_ADDRESS = 7;

/** @param issuer none: it is signed by itself */
export async function makeCertificate(request: CertificateRequest, issuer?: CertifiedKey): Promise<CertifiedKey> {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: CURVE });
  const certificate = new pkijs.Certificate();
  certificate.version = VERSION_3;
  certificate.serialNumber = new asn1js.Integer({ valueHex: toBuffer(newSerial()) });
  certificate.subject = nameOf(request.name);
  const authority = issuer === undefined ? undefined : pkijs.Certificate.fromBER(toBuffer(issuer.certificateDer));
  certificate.issuer = authority?.subject ?? certificate.subject;
  certificate.notBefore = timeOf(request.notBeforeSeconds);
  certificate.notAfter = timeOf(request.notAfterSeconds);
  const keyInfo = pkijs.PublicKeyInfo.fromBER(toBuffer(publicKey.export({ type: "spki", format: "der" })));
  certificate.subjectPublicKeyInfo = keyInfo;
  certificate.extensions = extensionsOf(request, keyInfo, authority?.subjectPublicKeyInfo ?? keyInfo);
  await certificate.sign(await signingKey(issuer?.privateKey ?? privateKey), "SHA-256");
  return { certificateDer: new Uint8Array(certificate.toSchema(true).toBER()), privateKey };
}

/** @throws Error when the texts are no such thing or do not belong together */
export function certifiedKeyOf(certificateDer: Uint8Array, privateKeyPem: string): CertifiedKey {
  const privateKey = createPrivateKey(privateKeyPem);
  const { subjectPublicKeyInfo } = pkijs.Certificate.fromBER(toBuffer(certificateDer));
  const spki = createPublicKey(privateKey).export({ type: "spki", format: "der" });
  if (!spki.equals(Buffer.from(subjectPublicKeyInfo.toSchema().toBER())))
    throw new Error("the key is not that of the certificate");
  return { certificateDer, privateKey };
}

/** pkijs takes buffers that are nobody else's. */
export const toBuffer = (bytes: Uint8Array): ArrayBuffer => Uint8Array.from(bytes).buffer;

/** A key as pkijs signs with it: EC on the NIST curves, or RSA. */
export async function signingKey(key: KeyObject): Promise<webcrypto.CryptoKey> {
  const { asymmetricKeyType: type, asymmetricKeyDetails: details } = key;
  const curves: Readonly<Record<string, string>> = { prime256v1: "P-256", secp384r1: "P-384", secp521r1: "P-521" };
  const namedCurve = curves[details?.namedCurve ?? ""];
  const algorithm =
    type === "rsa"
      ? { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" }
      : { name: "ECDSA", namedCurve: namedCurve ?? CURVE };
  if (type !== "rsa" && namedCurve === undefined)
    throw new Error(`a key of type ${type} cannot sign here; EC P-256 can`);
  const der = key.export({ type: "pkcs8", format: "der" });
  return webcrypto.subtle.importKey("pkcs8", der, algorithm, false, ["sign"]);
}

function newSerial(): Uint8Array {
  const bytes = randomBytes(SERIAL_BYTES);
  // Positive, and of full length.
  bytes[0] = (bytes[0]! & 0x3f) | 0x40;
  return bytes;
}

function nameOf(name: string): pkijs.RelativeDistinguishedNames {
  const value = new asn1js.Utf8String({ value: name });
  const commonName = new pkijs.AttributeTypeAndValue({ type: COMMON_NAME_OID, value });
  return new pkijs.RelativeDistinguishedNames({ typesAndValues: [commonName] });
}

function timeOf(seconds: number): pkijs.Time {
  const value = new Date(seconds * MS_PER_SECOND);
  return new pkijs.Time({ type: value.getTime() < GENERALIZED_FROM_MS ? 0 : 1, value });
}

const extension = (extnID: string, value: { toBER(): ArrayBuffer }, critical = false): pkijs.Extension =>
  new pkijs.Extension({ extnID, critical, extnValue: value.toBER() });

const keyIdentifier = ({ subjectPublicKey }: pkijs.PublicKeyInfo): asn1js.OctetString =>
  new asn1js.OctetString({
    valueHex: toBuffer(createHash("sha1").update(subjectPublicKey.valueBlock.valueHexView).digest()),
  });

function extensionsOf(
  request: CertificateRequest,
  own: pkijs.PublicKeyInfo,
  issuers: pkijs.PublicKeyInfo,
): pkijs.Extension[] {
  const { kind, pathLength, dnsNames = [], addresses = [] } = request;
  const isAuthority = kind === "authority";
  const constraints = new pkijs.BasicConstraints({
    cA: isAuthority,
    ...(pathLength !== undefined && { pathLenConstraint: pathLength }),
  });
  const bits = isAuthority ? KEY_USAGE.keyCertSign | KEY_USAGE.crlSign : KEY_USAGE.digitalSignature;
  const unusedBits = isAuthority ? 1 : 7;
  const usage = new asn1js.BitString({ valueHex: toBuffer(Uint8Array.of(bits)), unusedBits });
  const list = [
    extension(pkijs.id_BasicConstraints, constraints.toSchema(), true),
    extension(pkijs.id_KeyUsage, usage, true),
    extension(pkijs.id_SubjectKeyIdentifier, keyIdentifier(own)),
    extension(
      pkijs.id_AuthorityKeyIdentifier,
      new pkijs.AuthorityKeyIdentifier({ keyIdentifier: keyIdentifier(issuers) }).toSchema(),
    ),
  ];
  const extended = EXTENDED_USAGES[kind];
  if (extended !== undefined)
    list.push(extension(pkijs.id_ExtKeyUsage, new pkijs.ExtKeyUsage({ keyPurposes: [extended] }).toSchema()));
  // Nobody asks whether whoever says what is revoked is revoked (RFC 6960, 4.2.2.2.1).
  if (kind === "responder") list.push(extension("1.3.6.1.5.5.7.48.1.5", new asn1js.Null()));
  const names = [
    ...dnsNames.map((value) => new pkijs.GeneralName({ type: DNS_NAME, value })),
    ...addresses.map((address) => new pkijs.GeneralName({ type: IP_ADDRESS, value: addressValue(address) })),
  ];
  if (names.length > 0)
    list.push(extension(pkijs.id_SubjectAltName, new pkijs.AltName({ altNames: names }).toSchema()));
  if (request.mustStaple === true)
    list.push(extension(TLS_FEATURE_OID, new asn1js.Sequence({ value: [new asn1js.Integer({ value: 5 })] })));
  return list;
}

function addressValue(address: string): asn1js.OctetString {
  const bytes = addressBytes(address);
  if (bytes === undefined) throw new RangeError(`${address} is no IP address`);
  return new asn1js.OctetString({ valueHex: toBuffer(bytes) });
}
