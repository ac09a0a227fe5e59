/** Signatures of reports, detached: the report stays plain JSON, and any change to it shows. */
import { signBytes, verifyBytes } from "../../image/index.ts";

const SIGNATURE_BYTES = 64;

/** Where the detached signature of a report lies. */
export const signatureFileOf = (reportFile: string): string => `${reportFile}.sig`;

/** Ed25519 signature of a report's bytes as base64 with a line end. @throws ImageError when the key cannot be used */
export const signReport = (report: Uint8Array, privateKeyPem: string): string =>
  `${Buffer.from(signBytes(report, privateKeyPem)).toString("base64")}\n`;

/** Whether any of the raw public keys signed exactly these bytes. */
export function isReportSigned(report: Uint8Array, signature: string, keys: readonly Uint8Array[]): boolean {
  const bytes = Buffer.from(signature.trim(), "base64");
  return bytes.length === SIGNATURE_BYTES && verifyBytes(report, bytes, keys);
}
