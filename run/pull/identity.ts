/** Who the headend of a run over HTTPS or TR-069 is: an authority made for this run alone, its certificate, which has to be stapled, and its staple. */
import { pemOf } from "../../base/pki/index.ts";
import type { DepotProcessConfig } from "../../headend/depot/process/index.ts";

const NAME = "headend.poncast.test";
const ADDRESS = "127.0.0.1";
/** Longer than any run. */
const DAYS = 30;
const SECONDS_PER_DAY = 86_400;
const LEAD_SECONDS = 3600;

export interface HeadendIdentity extends Pick<DepotProcessConfig, "certificatePem" | "privateKeyPem" | "staple"> {
  /** PEM of what the devices trust. */
  trusted: string;
}

export async function makeHeadendIdentity(nowSeconds: number): Promise<HeadendIdentity> {
  // It takes a while to load, and no other run needs it.
  const { createAuthority, issue, makeStaple } = await import("../../base/pki/authority/index.ts");
  const authority = await createAuthority("poncast run", nowSeconds);
  const request = { name: NAME, addresses: [ADDRESS], mustStaple: true, nowSeconds, days: DAYS };
  const leaf = await issue(authority, { kind: "server", ...request });
  const { root, intermediate, responder } = authority;
  const staple = await makeStaple({
    leafDer: leaf.certificateDer,
    issuerDer: intermediate.certificateDer,
    responder,
    status: { kind: "good" },
    thisUpdateSeconds: nowSeconds - LEAD_SECONDS,
    nextUpdateSeconds: nowSeconds + DAYS * SECONDS_PER_DAY,
  });
  const chain = [leaf.certificateDer, intermediate.certificateDer].map((der) => pemOf("CERTIFICATE", der));
  return {
    trusted: pemOf("CERTIFICATE", root.certificateDer),
    certificatePem: chain.join(""),
    privateKeyPem: leaf.privateKey.export({ type: "pkcs8", format: "pem" }) as string,
    staple,
  };
}
