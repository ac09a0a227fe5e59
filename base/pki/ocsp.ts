/** An OCSP response, read (RFC 6960, 4.2.1); nothing of it is believed here. */
import type { BaseBlock } from "asn1js";
import {
  bytesOf,
  childrenOf,
  DerError,
  encodedOf,
  extensionsOf,
  Fields,
  numberBytesOf,
  oidOf,
  readDer,
  secondsOf,
  serialText,
  tagOf,
  within,
} from "./der.ts";

const BASIC_OID = "1.3.6.1.5.5.7.48.1.1";

/** OCSPResponseStatus, by its number; 4 is not used. */
export const RESPONSE_STATUSES = [
  "successful",
  "malformedRequest",
  "internalError",
  "tryLater",
  undefined,
  "sigRequired",
  "unauthorized",
] as const;

export interface SingleAnswer {
  hashOid: string;
  issuerNameHash: Uint8Array;
  issuerKeyHash: Uint8Array;
  serial: string;
  status: { kind: "good" } | { kind: "revoked"; atSeconds: number } | { kind: "unknown" };
  thisUpdateSeconds: number;
  /** None: newer information is there at any time. */
  nextUpdateSeconds: number | undefined;
}

export interface SignedAnswers {
  /** What is signed, as it came. */
  signedBytes: Uint8Array;
  responder: { kind: "name"; name: Uint8Array } | { kind: "key"; hash: Uint8Array };
  producedSeconds: number;
  answers: readonly SingleAnswer[];
  signatureOid: string;
  signature: Uint8Array;
  /** Certificates that came along, in DER. */
  certificates: readonly Uint8Array[];
}

/** @throws Error when it is no response of the basic type; a status other than successful comes with nothing else */
export function readOcspResponse(der: Uint8Array): { status: string; signed?: SignedAnswers } {
  const response = new Fields(readDer(der));
  const number = Buffer.from(numberBytesOf(response.take())).readUInt8();
  const status = RESPONSE_STATUSES[number] ?? `${number}`;
  if (status !== RESPONSE_STATUSES[0]) return { status };
  const bytes = response.tagged(0);
  if (bytes === undefined) throw new DerError("it is successful and says nothing");
  const typed = new Fields(within(bytes));
  if (oidOf(typed.take()) !== BASIC_OID) throw new DerError("its type is not id-pkix-ocsp-basic");
  return { status, signed: readBasic(readDer(bytesOf(typed.take()))) };
}

function readBasic(block: BaseBlock): SignedAnswers {
  const basic = new Fields(block);
  const data = basic.take();
  const signatureOid = oidOf(new Fields(basic.take()).take());
  const signature = bytesOf(basic.take());
  const certificates = basic.tagged(0);
  const fields = new Fields(data);
  fields.tagged(0); // version
  const responder = readResponder(fields.take());
  const producedSeconds = secondsOf(fields.take());
  const answers = childrenOf(fields.take()).map(readAnswer);
  refuseCritical(fields.tagged(1));
  return {
    signedBytes: encodedOf(data),
    responder,
    producedSeconds,
    answers,
    signatureOid,
    signature,
    certificates: certificates === undefined ? [] : childrenOf(within(certificates)).map(encodedOf),
  };
}

function readResponder(field: BaseBlock): SignedAnswers["responder"] {
  switch (tagOf(field)) {
    case 1:
      return { kind: "name", name: encodedOf(within(field)) };
    case 2:
      return { kind: "key", hash: bytesOf(within(field)) };
    default:
      throw new DerError("it does not say whose it is");
  }
}

function readAnswer(block: BaseBlock): SingleAnswer {
  const fields = new Fields(block);
  const id = new Fields(fields.take());
  const hashOid = oidOf(new Fields(id.take()).take());
  const [issuerNameHash, issuerKeyHash] = [bytesOf(id.take()), bytesOf(id.take())];
  const serial = serialText(numberBytesOf(id.take()));
  const status = readStatus(fields.take());
  const thisUpdateSeconds = secondsOf(fields.take());
  const nextUpdate = fields.tagged(0);
  refuseCritical(fields.tagged(1));
  const nextUpdateSeconds = nextUpdate === undefined ? undefined : secondsOf(within(nextUpdate));
  return { hashOid, issuerNameHash, issuerKeyHash, serial, status, thisUpdateSeconds, nextUpdateSeconds };
}

function readStatus(field: BaseBlock): SingleAnswer["status"] {
  switch (tagOf(field)) {
    case 0:
      return { kind: "good" };
    case 1:
      return { kind: "revoked", atSeconds: secondsOf(new Fields(field).take()) };
    case 2:
      return { kind: "unknown" };
    default:
      throw new DerError("it has a status that is none");
  }
}

/** Whoever does not know a critical extension has to refuse (RFC 6960, 4.4); none that OCSP has is critical. */
function refuseCritical(field: BaseBlock | undefined): void {
  const critical = field === undefined ? undefined : extensionsOf(within(field)).find(({ isCritical }) => isCritical);
  if (critical !== undefined)
    throw new DerError(`it has the critical extension ${critical.oid}, which is not known here`);
}
