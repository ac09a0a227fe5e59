/** Who issued a certificate, told by signatures alone, up to a certificate that is trusted. */
import { X509Certificate } from "node:crypto";

/** More are no chain. */
const CHAIN_MAX = 8;

/**
 * Node.js links what a server sends by names: a certificate of the issuer's name with another key gets into its chain, and
 * whoever holds that key could sign staples. So the way up is walked here.
 *
 * @param presented what the server sent, in DER
 * @param anchors what is trusted, in DER
 * @returns the issuer in DER; nothing when no way leads to an anchor
 */
export function trustedIssuerOf(
  leafDer: Uint8Array,
  presented: readonly Uint8Array[],
  anchors: readonly Uint8Array[],
): Uint8Array | undefined {
  const trusted = anchors.map((der) => new X509Certificate(der));
  const others = presented.slice(0, CHAIN_MAX).map((der) => new X509Certificate(der));
  return issuerOf(new X509Certificate(leafDer), others, trusted)?.raw;
}

function issuerOf(
  certificate: X509Certificate,
  others: readonly X509Certificate[],
  trusted: readonly X509Certificate[],
): X509Certificate | undefined {
  const anchor = trusted.find((candidate) => isIssuer(candidate, certificate));
  if (anchor !== undefined) return anchor;
  return others.find((candidate) => {
    if (!isIssuer(candidate, certificate)) return false;
    const rest = others.filter((other) => other !== candidate);
    return issuerOf(candidate, rest, trusted) !== undefined;
  });
}

const isIssuer = (issuer: X509Certificate, certificate: X509Certificate): boolean =>
  issuer.ca && certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey);
