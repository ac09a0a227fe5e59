/** An authority, servers' certificates and staples of every kind, for tests. */
import {
  type Authority,
  type CertifiedKey,
  createAuthority,
  issue,
  makeCertificate,
  makeStaple,
  makeUnsuccessful,
  type StapleRequest,
} from "../../../base/pki/authority/index.ts";
import { pemOf } from "../../../base/pki/index.ts";
import type { ServerIdentity } from "../../../base/tls/index.ts";

export const HOUR = 3600;
export const YEAR = 31_557_600;

export interface Lab {
  nowSeconds: number;
  authority: Authority;
  leaf: CertifiedKey;
  mustStaple: CertifiedKey;
  /** An authority that nobody trusts, of the same names. */
  stranger: Authority;
}

export async function createLab(nowSeconds: number): Promise<Lab> {
  const authority = await createAuthority("lab", nowSeconds);
  const server = { kind: "server", name: "depot.test", addresses: ["127.0.0.1"], nowSeconds, days: 30 } as const;
  return {
    nowSeconds,
    authority,
    leaf: await issue(authority, server),
    mustStaple: await issue(authority, { ...server, mustStaple: true }),
    stranger: await createAuthority("lab", nowSeconds),
  };
}

export const rootPem = ({ authority }: Lab): string => pemOf("CERTIFICATE", authority.root.certificateDer);

/** With the intermediate behind it. */
export function identityOf({ authority }: Lab, { certificateDer, privateKey }: CertifiedKey): ServerIdentity {
  const chain = [certificateDer, authority.intermediate.certificateDer].map((der) => pemOf("CERTIFICATE", der));
  return {
    certificatePem: chain.join(""),
    privateKeyPem: privateKey.export({ type: "pkcs8", format: "pem" }) as string,
  };
}

/** A good staple of `leaf`, but for what is said otherwise. */
export const stapleOf = (lab: Lab, leaf: CertifiedKey, otherwise: Partial<StapleRequest> = {}): Promise<Uint8Array> =>
  makeStaple({
    leafDer: leaf.certificateDer,
    issuerDer: lab.authority.intermediate.certificateDer,
    responder: lab.authority.responder,
    status: { kind: "good" },
    thisUpdateSeconds: lab.nowSeconds - HOUR,
    nextUpdateSeconds: lab.nowSeconds + HOUR,
    ...otherwise,
  });

type Cause = string;

/** What is wrong with a staple, by title, with the cause that has to be found. */
export const BAD_STAPLES: readonly (readonly [
  title: string,
  cause: Cause,
  make: (lab: Lab, leaf: CertifiedKey) => Promise<Uint8Array | undefined>,
])[] = [
  ["absent", "absent", async () => undefined],
  ["garbage", "garbage", async () => Buffer.from("no staple at all")],
  ["cut short", "garbage", async (lab, leaf) => (await stapleOf(lab, leaf)).slice(0, -1)],
  ["something behind it", "garbage", async (lab, leaf) => Buffer.concat([await stapleOf(lab, leaf), Buffer.from([0])])],
  ["tryLater", "notSuccessful", async () => makeUnsuccessful("tryLater")],
  ["unauthorized", "notSuccessful", async () => makeUnsuccessful("unauthorized")],
  ["of another certificate", "wrongSerial", (lab) => stapleOf(lab, lab.authority.responder)],
  [
    "of another issuer's certificate with that serial number",
    "wrongSerial",
    (lab, leaf) => stapleOf(lab, leaf, { issuerDer: lab.authority.root.certificateDer }),
  ],
  [
    "by a responder of another authority",
    "wrongResponder",
    (lab, leaf) => stapleOf(lab, leaf, { responder: lab.stranger.responder }),
  ],
  ["by a certificate that is not for it", "wrongResponder", (lab, leaf) => stapleOf(lab, leaf, { responder: leaf })],
  [
    "by the root, which did not issue it",
    "wrongResponder",
    (lab, leaf) => stapleOf(lab, leaf, { responder: lab.authority.root }),
  ],
  [
    "by a delegate whose time is over",
    "wrongResponder",
    async (lab, leaf) => {
      const times = { notBeforeSeconds: lab.nowSeconds - YEAR, notAfterSeconds: lab.nowSeconds - 1 };
      const request = { kind: "responder", name: "old", ...times } as const;
      return stapleOf(lab, leaf, { responder: await makeCertificate(request, lab.authority.intermediate) });
    },
  ],
  [
    "signed with another key",
    "badSignature",
    (lab, leaf) => {
      const { certificateDer } = lab.authority.responder;
      return stapleOf(lab, leaf, { responder: { certificateDer, privateKey: leaf.privateKey } });
    },
  ],
  [
    "from the future",
    "notYetValid",
    (lab, leaf) => stapleOf(lab, leaf, { thisUpdateSeconds: lab.nowSeconds + HOUR / 2 }),
  ],
  ["expired", "expired", (lab, leaf) => stapleOf(lab, leaf, { nextUpdateSeconds: lab.nowSeconds - 1 })],
  ["without an end", "expired", (lab, leaf) => stapleOf(lab, leaf, { nextUpdateSeconds: undefined })],
  [
    "revoked",
    "revoked",
    (lab, leaf) => stapleOf(lab, leaf, { status: { kind: "revoked", atSeconds: lab.nowSeconds - HOUR } }),
  ],
  ["unknown", "unknown", (lab, leaf) => stapleOf(lab, leaf, { status: { kind: "unknown" } })],
];
