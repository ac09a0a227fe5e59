/** What a digest proves: that somebody knows the password, for one request (RFC 7616, 3.4). */
import { createHash, timingSafeEqual } from "node:crypto";

/** Names of RFC 7616, the stronger first. */
export const DIGEST_ALGORITHMS = ["SHA-256", "MD5"] as const;
export type DigestAlgorithm = (typeof DIGEST_ALGORITHMS)[number];

const HASHES: Readonly<Record<DigestAlgorithm, string>> = { "SHA-256": "sha256", MD5: "md5" };

/** Names are compared without regard to case; one that is absent is MD5. */
export function algorithmOf(name: string | undefined): DigestAlgorithm | undefined {
  const wanted = (name ?? "MD5").toUpperCase();
  return DIGEST_ALGORITHMS.find((algorithm) => algorithm === wanted);
}

export interface DigestInput {
  algorithm: DigestAlgorithm;
  username: string;
  realm: string;
  password: string;
  method: string;
  /** As in the request's first line. */
  uri: string;
  nonce: string;
  /** Eight hexadecimal digits. */
  nonceCount: string;
  clientNonce: string;
}

export function digestOf({ algorithm, ...input }: DigestInput): string {
  const { username, realm, password, method, uri, nonce, nonceCount, clientNonce } = input;
  const hash = (...parts: string[]): string => createHash(HASHES[algorithm]).update(parts.join(":")).digest("hex");
  return hash(hash(username, realm, password), nonce, nonceCount, clientNonce, "auth", hash(method, uri));
}

/** In a time that says nothing of where they differ. */
export function isSameSecret(given: string, wanted: string): boolean {
  const [left, right] = [given, wanted].map((text) => createHash("sha256").update(text).digest());
  return timingSafeEqual(left, right);
}
