/**
 * The client's end: no byte of the application goes to a server whose certificate no good staple vouches for.
 *
 * Node.js asks for a staple and looks at none: a revoked one passes. A resumed session carries none (TLS 1.2: there is not
 * even an event; TLS 1.3: null), so that no session is resumed here.
 */
import { connect, type ConnectionOptions, type PeerCertificate, type TLSSocket, type TLSSocketOptions } from "node:tls";
import {
  certificateDers,
  judgeStaple,
  readCertificate,
  type StapleCause,
  type StapleVerdict,
  trustedIssuerOf,
} from "../pki/index.ts";
import { VERSIONS } from "./server.ts";

/** `always`: no staple, no connection; `mustStaple`: so where the certificate says so, and a staple that comes has to be good. */
export type StaplePolicy = "always" | "mustStaple";

export interface StapleDemand {
  /** PEM of the authorities that are trusted, those of the system not among them. */
  trusted: string;
  /** Default: always. */
  policy?: StaplePolicy;
  /** Our clock, since 1970. */
  nowSeconds: () => number;
}

export interface ClientIdentity {
  certificatePem: string;
  privateKeyPem: string;
}

export interface ConnectRequest extends StapleDemand {
  host: string;
  port: number;
  /** Name that the certificate has to have; by default the host. */
  servername?: string;
  /** What the client shows of itself where it is asked. */
  identity?: ClientIdentity;
  /** Until the handshake is over. */
  handshakeMs?: number;
}

export type GoodStaple = Extract<StapleVerdict, { good: true }>;
export type StapleRefusal = StapleCause | "resumed" | "noIssuer" | "noHandshake";

/** The server may be whoever it says, and is not talked to; one line. */
export class StapleRefusedError extends Error {
  override readonly name = "StapleRefusedError";
  readonly why: StapleRefusal;

  constructor(why: StapleRefusal, detail: string) {
    super(detail);
    this.why = why;
  }
}

const HANDSHAKE_MS = 10_000;
const CHAIN_MAX = 8;
/** An address is no name to be sent as SNI (RFC 6066, 3). */
const ADDRESS = /^[\d.]+$|:/;

/**
 * For a socket that has just been made with `requestOCSP`, and to which nothing has been written. One that is refused is
 * destroyed.
 *
 * @returns the staple; nothing where none came and none is asked for
 * @throws StapleRefusedError; what TLS or the system refuses, as Node.js says it
 */
export function demandStaple(socket: TLSSocket, demand: StapleDemand): Promise<GoodStaple | undefined> {
  let stapleDer: Buffer | null = null;
  // A server may end the handshake and break the connection in one go, before whoever gets the socket can listen.
  socket.on("error", () => undefined);
  socket.on("OCSPResponse", (response: Buffer | null) => (stapleDer = response));
  return new Promise((resolve, reject) => {
    const fail = (error: Error): void => {
      socket.destroy();
      reject(error);
    };
    socket.once("error", fail);
    socket.once("close", () => reject(new StapleRefusedError("noHandshake", "the server hung up in the handshake")));
    socket.once("secureConnect", () => {
      try {
        const staple = judge(socket, stapleDer, demand);
        socket.off("error", fail);
        // In a second handshake nobody would look (TLS 1.2).
        socket.disableRenegotiation();
        resolve(staple);
      } catch (error) {
        fail(error as Error);
      }
    });
  });
}

function judge(socket: TLSSocket, stapleDer: Buffer | null, demand: StapleDemand): GoodStaple | undefined {
  if (socket.isSessionReused())
    throw new StapleRefusedError("resumed", "the session is a resumed one, which carries no staple");
  const [leafDer, ...presented] = chainOf(socket.getPeerCertificate(true));
  if (leafDer === undefined) throw new StapleRefusedError("noIssuer", "the server showed no certificate");
  const isDemanded = demand.policy !== "mustStaple" || readCertificate(leafDer).isMustStaple;
  if (stapleDer === null && !isDemanded) return undefined;
  const issuerDer = trustedIssuerOf(leafDer, presented, certificateDers(demand.trusted));
  if (issuerDer === undefined)
    throw new StapleRefusedError("noIssuer", "no chain leads from the server's certificate to a trusted one");
  const verdict = judgeStaple({ stapleDer, leafDer, issuerDer, nowSeconds: demand.nowSeconds() });
  if (!verdict.good) throw new StapleRefusedError(verdict.cause, verdict.detail);
  return verdict;
}

/** As Node.js has linked it: by names, see `trustedIssuerOf`. A root names itself. */
function chainOf(first: PeerCertificate & { issuerCertificate?: PeerCertificate }): Buffer[] {
  const chain: Buffer[] = [];
  let next: typeof first | undefined = first;
  while (next?.raw !== undefined && chain.length < CHAIN_MAX) {
    const { raw } = next;
    if (chain.some((known) => known.equals(raw))) break;
    chain.push(raw);
    next = next.issuerCertificate;
  }
  return chain;
}

/**
 * A connection over which nothing has gone yet.
 *
 * @throws StapleRefusedError with the place in its line; Error with what TLS or the system refuses
 */
export async function connectStapled(request: ConnectRequest): Promise<{ socket: TLSSocket; staple?: GoodStaple }> {
  const { host, port, identity, handshakeMs = HANDSHAKE_MS } = request;
  const servername = request.servername ?? (ADDRESS.test(host) ? undefined : host);
  const options: ConnectionOptions & TLSSocketOptions = {
    ...VERSIONS,
    host,
    port,
    ...(servername !== undefined && { servername }),
    ca: request.trusted,
    ...(identity !== undefined && { cert: identity.certificatePem, key: identity.privateKeyPem }),
    requestOCSP: true,
    rejectUnauthorized: true,
  };
  const socket = connect(options);
  const late = new StapleRefusedError("noHandshake", `no handshake within ${handshakeMs} ms`);
  const deadline = setTimeout(() => socket.destroy(late), handshakeMs);
  try {
    const staple = await demandStaple(socket, request);
    if (socket.destroyed) throw new StapleRefusedError("noHandshake", "the server hung up behind the handshake");
    return { socket, ...(staple !== undefined && { staple }) };
  } catch (error) {
    throw withPlace(`${host}:${port}`, error as Error & { reason?: string });
  } finally {
    clearTimeout(deadline);
  }
}

/** The same error with a message of one line; OpenSSL's has its source files in it, and `reason` has not. */
function withPlace(place: string, error: Error & { reason?: string }): Error {
  error.message = `${place}: ${(error.reason ?? error.message).split("\n", 1)[0]}`;
  return error;
}
