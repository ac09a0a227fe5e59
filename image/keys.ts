import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
} from "node:crypto";

/** A key file that cannot be used, in one line. */
export class KeyError extends Error {}

/** A fresh Ed25519 key pair as PEM texts (PKCS#8 and SPKI). */
export function generateKeyPair(): { publicPem: string; privatePem: string } {
  const { publicKey, privateKey } = generateKeyPairSync("ed25519");
  return {
    publicPem: publicKey.export({ type: "spki", format: "pem" }) as string,
    privatePem: privateKey.export({ type: "pkcs8", format: "pem" }) as string,
  };
}

/** @throws KeyError when the PEM holds no Ed25519 private key. */
export function parsePrivateKey(pem: string): KeyObject {
  return parse(() => createPrivateKey(pem), "private");
}

/** Raw public key, 32 bytes, of a PEM that holds a public or a private Ed25519 key. @throws KeyError */
export function readPublicKey(pem: string): Uint8Array {
  const key = parse(() => createPublicKey(pem), "public");
  const jwk = key.export({ format: "jwk" });
  return Uint8Array.from(Buffer.from(jwk.x!, "base64url"));
}

/** @param raw 32 bytes. */
export function publicKeyFromRaw(raw: Uint8Array): KeyObject {
  const x = Buffer.from(raw).toString("base64url");
  return createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x }, format: "jwk" });
}

function parse(make: () => KeyObject, kind: string): KeyObject {
  let key: KeyObject;
  try {
    key = make();
  } catch {
    throw new KeyError(`holds no ${kind} key in PEM form`);
  }
  if (key.asymmetricKeyType === "ed25519") return key;
  throw new KeyError(`holds a ${key.asymmetricKeyType} key; an Ed25519 key is needed`);
}
