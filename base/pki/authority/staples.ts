/** Makes OCSP responses (RFC 6960, 4.2), as a responder gives them to a server for stapling. */
import { createHash } from "node:crypto";
import * as asn1js from "asn1js";
import * as pkijs from "pkijs";
import { RESPONSE_STATUSES } from "../ocsp.ts";
import { type CertifiedKey, signingKey, toBuffer } from "./certificates.ts";

export type StapleStatus = { kind: "good" } | { kind: "revoked"; atSeconds: number } | { kind: "unknown" };

export interface StapleRequest {
  leafDer: Uint8Array;
  issuerDer: Uint8Array;
  /** Who signs; its certificate goes along unless it is the issuer's. */
  responder: CertifiedKey;
  status: StapleStatus;
  thisUpdateSeconds: number;
  /** None: the response does not say until when it is good. */
  nextUpdateSeconds: number | undefined;
}

const MS_PER_SECOND = 1000;
const CONTEXT_SPECIFIC = 3;
const dateOf = (seconds: number): Date => new Date(seconds * MS_PER_SECOND);
const tagged = (tagNumber: number) => ({ idBlock: { tagClass: CONTEXT_SPECIFIC, tagNumber } });

/** A successful response about one certificate, in DER. */
export async function makeStaple(request: StapleRequest): Promise<Uint8Array> {
  const { leafDer, issuerDer, responder, thisUpdateSeconds, nextUpdateSeconds } = request;
  const [leaf, issuer, signer] = [leafDer, issuerDer, responder.certificateDer].map((der) =>
    pkijs.Certificate.fromBER(toBuffer(der)),
  ) as [pkijs.Certificate, pkijs.Certificate, pkijs.Certificate];
  // SHA-1, as every client knows it (RFC 5019, 2.1.1).
  const certID = await pkijs.CertID.create(leaf, { hashAlgorithm: "SHA-1", issuerCertificate: issuer });
  const answer = new pkijs.SingleResponse({
    certID,
    certStatus: statusOf(request.status),
    thisUpdate: dateOf(thisUpdateSeconds),
    ...(nextUpdateSeconds !== undefined && { nextUpdate: dateOf(nextUpdateSeconds) }),
  });
  const basic = new pkijs.BasicOCSPResponse();
  const keyHash = createHash("sha1").update(signer.subjectPublicKeyInfo.subjectPublicKey.valueBlock.valueHexView);
  basic.tbsResponseData.responderID = new asn1js.OctetString({ valueHex: toBuffer(keyHash.digest()) });
  basic.tbsResponseData.producedAt = dateOf(thisUpdateSeconds);
  basic.tbsResponseData.responses = [answer];
  if (!Buffer.from(responder.certificateDer).equals(issuerDer)) basic.certs = [signer];
  await basic.sign(await signingKey(responder.privateKey), "SHA-256");
  const response = new pkijs.OCSPResponse({
    responseStatus: new asn1js.Enumerated({ value: 0 }),
    responseBytes: new pkijs.ResponseBytes({
      responseType: pkijs.id_PKIX_OCSP_Basic,
      response: new asn1js.OctetString({ valueHex: basic.toSchema().toBER() }),
    }),
  });
  return new Uint8Array(response.toSchema().toBER());
}

/** What a responder says that cannot or will not answer, such as tryLater. */
export function makeUnsuccessful(
  status: Exclude<(typeof RESPONSE_STATUSES)[number], undefined | "successful">,
): Uint8Array {
  const responseStatus = new asn1js.Enumerated({ value: RESPONSE_STATUSES.indexOf(status) });
  return new Uint8Array(new asn1js.Sequence({ value: [responseStatus] }).toBER());
}

function statusOf(status: StapleStatus): asn1js.BaseBlock {
  switch (status.kind) {
    case "good":
      return new asn1js.Primitive(tagged(0));
    case "revoked": {
      const at = new asn1js.GeneralizedTime({ valueDate: dateOf(status.atSeconds) });
      return new asn1js.Constructed({ ...tagged(1), value: [at] });
    }
    case "unknown":
      return new asn1js.Primitive(tagged(2));
  }
}
