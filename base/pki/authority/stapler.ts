/** Keeps staples for servers: made when they are asked for, and again when half of their time is over or the status is another. */
import { readCertificate } from "../certificate.ts";
import type { Authority } from "./authority.ts";
import { makeStaple, type StapleStatus } from "./staples.ts";

export interface StaplerOptions {
  /** By serial number, as openssl prints it. */
  statusOf: (serial: string) => StapleStatus;
  hours: number;
  /** Since 1970. */
  nowSeconds: () => number;
}

interface Kept {
  status: StapleStatus["kind"];
  madeSeconds: number;
  staple: Promise<Uint8Array>;
}

const SECONDS_PER_HOUR = 3600;
/** Certificates of which a staple is kept: a server has a handful. */
const KEPT_MAX = 64;

/** For certificates that the authority has issued. */
export function createStapler(
  { intermediate, responder }: Pick<Authority, "intermediate" | "responder">,
  { statusOf, hours, nowSeconds }: StaplerOptions,
): (leafDer: Uint8Array) => Promise<Uint8Array> {
  const kept = new Map<string, Kept>();
  const seconds = hours * SECONDS_PER_HOUR;
  return (leafDer) => {
    const { serial } = readCertificate(leafDer);
    const status = statusOf(serial);
    const thisUpdateSeconds = nowSeconds();
    const known = kept.get(serial);
    const ageSeconds = known === undefined ? Infinity : Math.abs(thisUpdateSeconds - known.madeSeconds);
    if (known?.status === status.kind && ageSeconds < seconds / 2) return known.staple;
    const nextUpdateSeconds = thisUpdateSeconds + seconds;
    const issuerDer = intermediate.certificateDer;
    const staple = makeStaple({ leafDer, issuerDer, responder, status, thisUpdateSeconds, nextUpdateSeconds });
    if (kept.size >= KEPT_MAX) kept.clear();
    kept.set(serial, { status: status.kind, madeSeconds: thisUpdateSeconds, staple });
    return staple;
  };
}
