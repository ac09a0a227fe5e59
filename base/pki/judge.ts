/** Whether an OCSP staple vouches for a certificate, and if not, why (RFC 6960, 3.2 and 4.2.2). */
import { createHash, verify, X509Certificate } from "node:crypto";
import { OCSP_SIGNING_OID, type CertificateFacts, readCertificate } from "./certificate.ts";
import { type SignedAnswers, type SingleAnswer, readOcspResponse } from "./ocsp.ts";

/** Why a staple does not vouch, in the order in which it is looked at. */
export const STAPLE_CAUSES = [
  "absent",
  "garbage",
  "notSuccessful",
  "wrongResponder",
  "badSignature",
  "wrongSerial",
  "notYetValid",
  "expired",
  "revoked",
  "unknown",
] as const;
export type StapleCause = (typeof STAPLE_CAUSES)[number];

export interface StapleQuestion {
  /** What came with the handshake; nothing is a cause of its own. */
  stapleDer: Uint8Array | null | undefined;
  leafDer: Uint8Array;
  /** Whoever asks vouches for it: `trustedIssuerOf` finds it. */
  issuerDer: Uint8Array;
  /** Since 1970. */
  nowSeconds: number;
  /** How far the responder's clock may be ahead of ours. */
  skewSeconds?: number;
}

export type StapleVerdict =
  | { good: true; thisUpdateSeconds: number; nextUpdateSeconds: number }
  | { good: false; cause: StapleCause; detail: string };

type Refusal = Extract<StapleVerdict, { good: false }>;

const SKEW_SECONDS = 300;
/** Larger ones are no staples: a response with its responder's certificate has less than 3 kB. */
const STAPLE_BYTES_MAX = 65_536;
const CERTIFICATES_MAX = 8;
const MS_PER_SECOND = 1000;

/** Signatures that count; none with SHA-1. Each goes with keys of one type. */
const SIGNATURES: Readonly<Record<string, { hash: string | null; keyType: string }>> = {
  "1.2.840.10045.4.3.2": { hash: "sha256", keyType: "ec" },
  "1.2.840.10045.4.3.3": { hash: "sha384", keyType: "ec" },
  "1.2.840.10045.4.3.4": { hash: "sha512", keyType: "ec" },
  "1.2.840.113549.1.1.11": { hash: "sha256", keyType: "rsa" },
  "1.2.840.113549.1.1.12": { hash: "sha384", keyType: "rsa" },
  "1.2.840.113549.1.1.13": { hash: "sha512", keyType: "rsa" },
  "1.3.101.112": { hash: null, keyType: "ed25519" },
};

/** Hashes that name an issuer; there SHA-1 is usual (RFC 5019, 2.1.1), and nothing hangs on it. */
const ID_HASHES: Readonly<Record<string, string>> = {
  "1.3.14.3.2.26": "sha1",
  "2.16.840.1.101.3.4.2.1": "sha256",
  "2.16.840.1.101.3.4.2.2": "sha384",
  "2.16.840.1.101.3.4.2.3": "sha512",
};

const refused = (cause: StapleCause, detail: string): Refusal => ({ good: false, cause, detail });

/** Never throws over the staple. @throws Error when leaf or issuer is no certificate */
export function judgeStaple(question: StapleQuestion): StapleVerdict {
  const { stapleDer, nowSeconds, skewSeconds = SKEW_SECONDS } = question;
  const leaf = readCertificate(question.leafDer);
  const issuer = { facts: readCertificate(question.issuerDer), certificate: new X509Certificate(question.issuerDer) };
  if (stapleDer === null || stapleDer === undefined || stapleDer.length === 0)
    return refused("absent", "the server sent no staple");
  if (stapleDer.length > STAPLE_BYTES_MAX)
    return refused("garbage", `the staple has ${stapleDer.length} bytes, ${STAPLE_BYTES_MAX} at most are read`);
  let read: ReturnType<typeof readOcspResponse>;
  try {
    read = readOcspResponse(stapleDer);
  } catch (error) {
    return refused("garbage", `the staple is no OCSP response: ${error instanceof Error ? error.message : "not DER"}`);
  }
  const { status, signed } = read;
  if (signed === undefined) return refused("notSuccessful", `the responder said ${status}`);
  const signer = signerOf(signed, issuer);
  if ("cause" in signer) return signer;
  if (!isSignedBy(signed, signer)) return refused("badSignature", "the signature is not that of its responder");
  const answers = signed.answers.filter((answer) => isAbout(answer, leaf, issuer.facts));
  if (answers.length === 0)
    return refused("wrongSerial", `the staple is not about the certificate with the serial number ${leaf.serial}`);
  // Several about one certificate: the worst counts.
  const clock: Clock = { nowSeconds, skewSeconds };
  const verdicts = answers.map((answer) => judgeAnswer(answer, signer.facts, clock));
  return verdicts.find(({ good }) => !good) ?? verdicts[0]!;
}

interface Party {
  facts: CertificateFacts;
  certificate: X509Certificate;
}

/**
 * Whoever may sign: the issuer himself, or one to whom he has given a certificate for that (RFC 6960, 4.2.2.2). Whether the
 * delegate's own certificate is revoked is not asked: it is short-lived, or says id-pkix-ocsp-nocheck.
 */
function signerOf(signed: SignedAnswers, issuer: Party): Party | Refusal {
  if (isNamed(signed.responder, issuer.facts)) return issuer;
  let closest = "the responder is neither the issuer nor named by a certificate that came along";
  for (const der of signed.certificates.slice(0, CERTIFICATES_MAX)) {
    const party = partyOf(der);
    if (party === undefined || !isNamed(signed.responder, party.facts)) continue;
    const { certificate, facts } = party;
    if (!isIssuedBy(certificate, issuer)) closest = "the responder's certificate is not from the issuer";
    else if (!facts.extendedKeyUsages.includes(OCSP_SIGNING_OID))
      closest = "the responder's certificate is not for OCSP signing";
    else return party;
  }
  return refused("wrongResponder", closest);
}

/** What came along with a staple may be anything. */
function partyOf(der: Uint8Array): Party | undefined {
  try {
    return { facts: readCertificate(der), certificate: new X509Certificate(der) };
  } catch {
    return undefined;
  }
}

const isIssuedBy = (certificate: X509Certificate, issuer: Party): boolean =>
  certificate.checkIssued(issuer.certificate) && certificate.verify(issuer.certificate.publicKey);

function isNamed(responder: SignedAnswers["responder"], { subjectName, publicKeyBits }: CertificateFacts): boolean {
  if (responder.kind === "name") return isSame(responder.name, subjectName);
  return isSame(responder.hash, hashOf("sha1", publicKeyBits));
}

function isSignedBy({ signatureOid, signature, signedBytes }: SignedAnswers, { certificate }: Party): boolean {
  const algorithm = SIGNATURES[signatureOid];
  const key = certificate.publicKey;
  if (algorithm === undefined || key.asymmetricKeyType !== algorithm.keyType) return false;
  return verify(algorithm.hash, signedBytes, key, signature);
}

function isAbout(answer: SingleAnswer, leaf: CertificateFacts, issuer: CertificateFacts): boolean {
  const hash = ID_HASHES[answer.hashOid];
  return (
    hash !== undefined &&
    answer.serial === leaf.serial &&
    isSame(answer.issuerNameHash, hashOf(hash, leaf.issuerName)) &&
    isSame(answer.issuerKeyHash, hashOf(hash, issuer.publicKeyBits))
  );
}

interface Clock {
  nowSeconds: number;
  skewSeconds: number;
}

function judgeAnswer(
  answer: SingleAnswer,
  signer: CertificateFacts,
  { nowSeconds, skewSeconds }: Clock,
): StapleVerdict {
  const { status, thisUpdateSeconds, nextUpdateSeconds } = answer;
  const clock = `, and our clock says ${dateOf(nowSeconds)}`;
  if (thisUpdateSeconds > nowSeconds + skewSeconds)
    return refused("notYetValid", `the staple is from ${dateOf(thisUpdateSeconds)}${clock}`);
  // Without an end it would be good for ever (RFC 6960, 4.2.2.1).
  if (nextUpdateSeconds === undefined) return refused("expired", "the staple does not say until when it is good");
  if (nextUpdateSeconds <= nowSeconds)
    return refused("expired", `the staple was good until ${dateOf(nextUpdateSeconds)}${clock}`);
  // Behind the staple's own times: with a clock that is far off, these say more.
  const { notBeforeSeconds, notAfterSeconds } = signer;
  if (nowSeconds + skewSeconds < notBeforeSeconds || nowSeconds > notAfterSeconds)
    return refused(
      "wrongResponder",
      `the responder's certificate is valid from ${dateOf(notBeforeSeconds)} to ${dateOf(notAfterSeconds)}${clock}`,
    );
  if (status.kind === "revoked")
    return refused("revoked", `the certificate has been revoked at ${dateOf(status.atSeconds)}`);
  if (status.kind === "unknown") return refused("unknown", "the responder does not know the certificate");
  return { good: true, thisUpdateSeconds, nextUpdateSeconds };
}

const hashOf = (hash: string, bytes: Uint8Array): Buffer => createHash(hash).update(bytes).digest();
const isSame = (one: Uint8Array, other: Uint8Array): boolean => Buffer.compare(one, other) === 0;

/** A clock may be so wrong that there is no such date. */
function dateOf(seconds: number): string {
  const date = new Date(seconds * MS_PER_SECOND);
  return Number.isNaN(date.getTime()) ? `${seconds} s` : date.toISOString().replace(".000Z", "Z");
}
