/** The server's end: what it speaks, and the staple that it brings to each full handshake. */
import type { Server, TlsOptions } from "node:tls";

/** TLS 1.0 and 1.1 are not to be spoken (RFC 8996). */
export const VERSIONS = { minVersion: "TLSv1.2", maxVersion: "TLSv1.3" } as const;

export interface ServerIdentity {
  /** The server's certificate and then those above it, the root aside. */
  certificatePem: string;
  privateKeyPem: string;
}

/** Gives the staple of a certificate; nothing where there is none. */
export type StapleSource = (leafDer: Uint8Array) => Uint8Array | undefined | Promise<Uint8Array | undefined>;

/** @param clientCa PEM of who issues the certificates that clients have to show; without it none is asked for */
export const serverOptions = (
  { certificatePem, privateKeyPem }: ServerIdentity,
  { clientCa }: { clientCa?: string } = {},
): TlsOptions => ({
  ...VERSIONS,
  cert: certificatePem,
  key: privateKeyPem,
  ...(clientCa !== undefined && { ca: clientCa, requestCert: true, rejectUnauthorized: true }),
});

/**
 * Lets a server staple. Without a staple it goes on all the same: to demand one is the client's part.
 *
 * @param tell hears why there was none
 */
export function stapleOn(server: Server, source: StapleSource, tell: (error: unknown) => void): void {
  const answer = async (leafDer: Uint8Array): Promise<Buffer | null> => {
    try {
      const staple = await source(leafDer);
      return staple === undefined ? null : Buffer.from(staple);
    } catch (error) {
      tell(error);
      return null;
    }
  };
  server.on("OCSPRequest", (leafDer, _issuerDer, callback) => {
    // Node.js takes null for "no staple" (its types do not say so).
    void answer(leafDer).then((staple) => callback(null, staple as Buffer));
  });
}
