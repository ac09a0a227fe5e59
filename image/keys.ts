/** Ed25519 keys and signatures, PEM outside and raw bytes inside. Says what was signed by whom, not whom to trust. */
import { createPrivateKey, createPublicKey, generateKeyPairSync, sign, verify, type KeyObject } from "node:crypto";
import { ImageError } from "./error.ts";

const RAW_KEY_BYTES = 32;

/**
 * Points of small order in their encodings, canonical or not, the sign bit aside, as libsodium has them. Signatures by such a key can be made without any private key, for any text.
 */
const SMALL_ORDER = [
  "0000000000000000000000000000000000000000000000000000000000000000",
  "0100000000000000000000000000000000000000000000000000000000000000",
  "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
  "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
  "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
  "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
  "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
];
const SIGN_BIT = 0x80;

/** Whether nobody can hold a private key for this public key. */
export function isSmallOrder(raw: Uint8Array): boolean {
  const point = Buffer.from(raw);
  point[RAW_KEY_BYTES - 1]! &= ~SIGN_BIT;
  return SMALL_ORDER.includes(point.toString("hex"));
}

/** A new Ed25519 key pair as PEM: PKCS #8 private, SPKI public. */
export function generateKeyPair(): { publicPem: string; privatePem: string } {
  const { publicKey, privateKey } = generateKeyPairSync("ed25519", {
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
  });
  return { publicPem: publicKey, privatePem: privateKey };
}

function rawOf(key: KeyObject): Uint8Array {
  return Uint8Array.from(Buffer.from(key.export({ format: "jwk" }).x ?? "", "base64url"));
}

/**
 * Raw Ed25519 public key (32 bytes) of a PEM file.
 *
 * @throws ImageError when the text is no Ed25519 public key; a private key is refused too, it has no place on an ONT
 */
export function readPublicKey(pem: string): Uint8Array {
  if (pem.includes("PRIVATE KEY")) throw new ImageError("this is a private key; give the public one");
  let key: KeyObject;
  try {
    key = createPublicKey(pem);
  } catch {
    throw new ImageError("not a public key in PEM form");
  }
  if (key.asymmetricKeyType !== "ed25519") {
    throw new ImageError(`key is of type ${key.asymmetricKeyType}; Ed25519 is needed`);
  }
  const raw = rawOf(key);
  if (isSmallOrder(raw)) throw new ImageError("key is a point of small order, by which anybody can sign");
  return raw;
}

/** The private key that was read last: to read one takes longer than to sign with it, and a bundle is signed more than once. */
let lastRead: { pem: string; key: KeyObject } | undefined;

/** @throws ImageError when the text is no unencrypted Ed25519 private key in PEM form */
function readPrivateKey(pem: string): KeyObject {
  if (lastRead?.pem === pem) return lastRead.key;
  let key: KeyObject;
  try {
    key = createPrivateKey(pem);
  } catch {
    throw new ImageError("not an unencrypted private key in PEM form");
  }
  if (key.asymmetricKeyType !== "ed25519") {
    throw new ImageError(`key is of type ${key.asymmetricKeyType}; Ed25519 is needed`);
  }
  lastRead = { pem, key };
  return key;
}

/** Raw public key (32 bytes) that belongs to a private key. */
export function publicKeyOf(privateKeyPem: string): Uint8Array {
  return rawOf(createPublicKey(readPrivateKey(privateKeyPem)));
}

export function signBytes(bytes: Uint8Array, privateKeyPem: string): Uint8Array {
  return sign(null, bytes, readPrivateKey(privateKeyPem));
}

function keyFromRaw(raw: Uint8Array): KeyObject {
  if (raw.length !== RAW_KEY_BYTES) {
    throw new RangeError(`raw Ed25519 public key of ${raw.length} bytes; ${RAW_KEY_BYTES} are needed`);
  }
  const x = Buffer.from(raw).toString("base64url");
  return createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x }, format: "jwk" });
}

/** Whether any of the raw public keys made this signature; keys of small order make none. */
export function verifyBytes(bytes: Uint8Array, signature: Uint8Array, keys: readonly Uint8Array[]): boolean {
  return keys.some((raw) => !isSmallOrder(raw) && verify(null, bytes, keyFromRaw(raw), signature));
}
