/** An authority for tests and labs: root, intermediate, and a responder of its own key to whom it delegates OCSP. */
import { type CertificateKind, type CertifiedKey, makeCertificate } from "./certificates.ts";

export interface Authority {
  /** What clients trust. */
  root: CertifiedKey;
  /** What issues. */
  intermediate: CertifiedKey;
  /** What signs staples. */
  responder: CertifiedKey;
}

export interface IssueRequest {
  kind: Extract<CertificateKind, "server" | "client">;
  name: string;
  /** What a server is called: by default its name. */
  dnsNames?: readonly string[];
  addresses?: readonly string[];
  mustStaple?: boolean;
  nowSeconds: number;
  days: number;
}

const SECONDS_PER_DAY = 86_400;
const ROOT_DAYS = 7305;
/** What is made is valid from a little before: the other end's clock may be behind. */
const LEAD_SECONDS = 3600;

/** @param nowSeconds since 1970 */
export async function createAuthority(name: string, nowSeconds: number): Promise<Authority> {
  const validity = {
    notBeforeSeconds: nowSeconds - LEAD_SECONDS,
    notAfterSeconds: nowSeconds + ROOT_DAYS * SECONDS_PER_DAY,
  };
  const root = await makeCertificate({ kind: "authority", name: `${name} root`, ...validity });
  const middle = { kind: "authority", name: `${name} intermediate`, pathLength: 0, ...validity } as const;
  const intermediate = await makeCertificate(middle, root);
  const responder = await makeCertificate({ kind: "responder", name: `${name} OCSP`, ...validity }, intermediate);
  return { root, intermediate, responder };
}

/** A certificate for a server or a client, valid from a little before `nowSeconds` on. */
export function issue({ intermediate }: Authority, request: IssueRequest): Promise<CertifiedKey> {
  const { kind, name, addresses, mustStaple, nowSeconds, days } = request;
  return makeCertificate(
    {
      kind,
      name,
      dnsNames: kind === "server" ? (request.dnsNames ?? [name]) : [],
      addresses,
      mustStaple,
      notBeforeSeconds: nowSeconds - LEAD_SECONDS,
      notAfterSeconds: nowSeconds + days * SECONDS_PER_DAY,
    },
    intermediate,
  );
}
