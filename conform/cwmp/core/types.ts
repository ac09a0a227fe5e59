/** The ways to a CPE and to an ACS under test, and their time: HTTP as a case sees it, whoever carries it. */

import type { CwmpDeviceId } from "../../../cwmp/index.ts";

/** By names in small letters; several of a name with ", " between. */
export type HttpFields = Readonly<Record<string, string>>;

/** What a tester sends back for a request. */
export interface HttpReply {
  status: number;
  headers?: Readonly<Record<string, string | readonly string[]>>;
  body?: Uint8Array;
  /** It comes so much later. */
  afterMs?: number;
  /** Without a length, in pieces (RFC 9112, 7.1). */
  isChunked?: boolean;
  /** The connection breaks after so many bytes of the body. */
  cutAtBytes?: number;
  /** The connection breaks and nothing comes. */
  breaks?: boolean;
  /** Nothing comes, and the connection stays. */
  isSilent?: boolean;
}

/** A request that the device under test made. */
export interface HttpAsk {
  method: string;
  /** As in its first line. */
  path: string;
  headers: HttpFields;
  body: Uint8Array;
  /** Which of the device's connections it came on. */
  connection: number;
  /** It came over TLS. */
  isSecure: boolean;
  /** To be called once. */
  answer: (reply: HttpReply) => void;
}

/** What the device under test answers to a request of the tester; `cause`: why there is no answer. */
export type HttpAnswer =
  | { ok: true; status: number; headers: HttpFields; cookies: readonly string[]; body: Uint8Array }
  | { ok: false; cause: string };

/** A request of the tester. */
export interface TesterRequest {
  method: string;
  url: string;
  headers: Readonly<Record<string, string>>;
  body?: Uint8Array;
  isChunked?: boolean;
  /** Requests of one name share a connection; absent: one of its own. */
  connection?: string;
}

/** Time, as both ways have it. */
export interface TesterTime {
  /** Every limit is multiplied by this. */
  readonly timeScale: number;
  /** Monotonic, integer nanoseconds from any zero. */
  nowNs(): number;
  /** Milliseconds since 1970 at `nowNs` 0. */
  readonly epochMs: number;
  /** Lets time pass until something came in or the deadline is there, whichever is first. */
  wait(deadlineNs: number): Promise<void>;
}

/** The way to a CPE: it comes to us, and may be asked to. */
export interface CpeWay extends TesterTime {
  readonly name: string;
  /** Where the CPE finds us, such as `http://127.0.0.1:7549`. */
  readonly origin: string;
  /** The same files by HTTPS, with a staple that says that the certificate is revoked; absent: not to be had here. */
  readonly revokedOrigin?: string;
  /** A place at which nobody listens. */
  readonly deadOrigin: string;
  /** Set by the tester. */
  onAsk: (ask: HttpAsk) => void;
  request(request: TesterRequest): Promise<HttpAnswer>;
  /** Takes the CPE's power away and gives it back; absent where nobody can. */
  powerCycle?(): Promise<void>;
  close(): Promise<void>;
}

/** The way to an ACS. */
export interface AcsWay extends TesterTime {
  readonly name: string;
  /** Where Informs go. */
  readonly url: string;
  request(request: TesterRequest): Promise<HttpAnswer>;
  /** Has the ACS ask the device for a session; absent where nobody can. */
  connect?(device: CwmpDeviceId): Promise<void>;
  /** Where the ACS finds us; absent: nowhere. */
  readonly doorUrl?: string;
  /** Set by the tester. */
  onAsk: (ask: HttpAsk) => void;
  close(): Promise<void>;
}

/** Name and password. */
export interface TesterCredentials {
  username: string;
  password: string;
}

/** Files that a CPE under test is given. */
export interface CwmpImage {
  bytes: Uint8Array;
  /** Version that the CPE is to tell when it runs; absent: not known. */
  version?: string;
  /** The same image, signed by somebody whom the CPE does not trust; absent: there is none. */
  untrusted?: Uint8Array;
}

/** What a run of cases is pointed at. @property isFreshEachCase each case meets a device as it leaves the factory */
export interface CwmpTarget<Way> {
  readonly name: string;
  readonly isFreshEachCase: boolean;
  open(): Promise<Way>;
}
