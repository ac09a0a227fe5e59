/** DER in PEM and out of it (RFC 7468). */

const LINE_CHARACTERS = 64;
const CERTIFICATE = /-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]*)-----END CERTIFICATE-----/g;
const PEM = /-----BEGIN ([A-Z0-9 ]+)-----([A-Za-z0-9+/=\s]*)-----END \1-----/;

/** @param label such as CERTIFICATE */
export function pemOf(label: string, der: Uint8Array): string {
  const lines =
    Buffer.from(der)
      .toString("base64")
      .match(new RegExp(`.{1,${LINE_CHARACTERS}}`, "g")) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join("\n")}\n-----END ${label}-----\n`;
}

/** The certificates of a PEM text, in its order. */
export const certificateDers = (pem: string): Buffer[] =>
  [...pem.matchAll(CERTIFICATE)].map(([, base64]) => Buffer.from(base64, "base64"));

/** What a file has, be it DER or the first of its blocks in PEM. */
export function derOfFile(bytes: Uint8Array): Uint8Array {
  const found = PEM.exec(Buffer.from(bytes).toString("latin1"));
  return found === null ? bytes : Buffer.from(found[2], "base64");
}
