/** Own certificates, keys and staples, given by file. */
import { createPrivateKey, X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { InputError, orRefused } from "../errors/index.ts";
import { certificateDers, derOfFile } from "../pki/index.ts";
import type { ServerIdentity, StapleSource } from "./server.ts";

const readOrRefuse = (place: string): Buffer =>
  orRefused(
    ({ code }) => ({ place, problem: `cannot be read (${code})` }),
    () => readFileSync(place),
  );

/**
 * Certificate, with those above it behind it, and key of a server or a client.
 *
 * @throws InputError when either is none, or when they do not belong together
 */
export function readIdentity(certificateFile: string, keyFile: string): ServerIdentity {
  const [certificatePem, privateKeyPem] = [certificateFile, keyFile].map((file) =>
    readOrRefuse(file).toString("latin1"),
  );
  const refused = (place: string, problem: string): InputError => new InputError({ place, problem });
  const [leafDer] = certificateDers(certificatePem!);
  if (leafDer === undefined) throw refused(certificateFile, "no certificate in PEM form is in it");
  let certificate: X509Certificate;
  try {
    certificate = new X509Certificate(leafDer);
  } catch {
    throw refused(certificateFile, "its first certificate is none");
  }
  let isItsKey: boolean;
  try {
    isItsKey = certificate.checkPrivateKey(createPrivateKey(privateKeyPem!));
  } catch {
    throw refused(keyFile, "not an unencrypted private key in PEM form");
  }
  if (!isItsKey) throw refused(keyFile, `not the key of the certificate in ${certificateFile}`);
  return { certificatePem: certificatePem!, privateKeyPem: privateKeyPem! };
}

/** A staple in a file that somebody keeps fresh, such as `poncast pki staple`; read anew for each handshake. */
export const stapleFile =
  (path: string): StapleSource =>
  () =>
    derOfFile(readOrRefuse(path));
