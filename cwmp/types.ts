/** What CPE and ACS say to one another (TR-069), in words of ours: envelopes, messages, faults, and what a reader makes of bytes. */
import type { CwmpTime, CwmpValue, CwmpValueType, CwmpValuesOf } from "./field.ts";
import type { CWMP_RPCS, CwmpRpc, CwmpSender } from "./table.ts";

export type { CwmpRpc, CwmpSender, CwmpTime, CwmpValue, CwmpValueType };

export const CWMP_VERSIONS = ["1.0", "1.1", "1.2", "1.3", "1.4"] as const;
/** By the namespace that the envelope is written in. CPEs of 1.3 and 1.4 may speak in that of 1.2. */
export type CwmpVersion = (typeof CWMP_VERSIONS)[number];

type Layouts = typeof CWMP_RPCS;

/** `Download` and its like. */
export type CwmpRequestOf<Rpc extends CwmpRpc> = { method: Rpc } & CwmpValuesOf<Layouts[Rpc]["request"]>;
/** `DownloadResponse` and its like. */
export type CwmpResponseOf<Rpc extends CwmpRpc> = { method: `${Rpc}Response` } & CwmpValuesOf<Layouts[Rpc]["response"]>;

export type CwmpRequest = { [Rpc in CwmpRpc]: CwmpRequestOf<Rpc> }[CwmpRpc];
export type CwmpResponse = { [Rpc in CwmpRpc]: CwmpResponseOf<Rpc> }[CwmpRpc];

/** What is wrong with one parameter of a SetParameterValues. */
export interface CwmpParameterFault {
  parameterName: string;
  faultCode: number;
  faultString: string;
}

/** A SOAP fault with CWMP's own in its detail (TR-069, 3.4.4). */
export interface CwmpFault {
  method: "Fault";
  /** Whose fault it is: of who asked, of who answers. */
  soapFaultCode: "Client" | "Server";
  /** 9000 to 9899 of a CPE, 8000 to 8899 of an ACS. */
  faultCode: number;
  faultString: string;
  parameterFaults: readonly CwmpParameterFault[];
}

/** Told apart by `method`, which is the name of the element on the wire. */
export type CwmpMessage = CwmpRequest | CwmpResponse | CwmpFault;
export type CwmpMethod = CwmpMessage["method"];
export type CwmpMessageOf<Method extends CwmpMethod> = Extract<CwmpMessage, { method: Method }>;

export type CwmpDeviceId = CwmpRequestOf<"Inform">["deviceId"];
export type CwmpEvent = CwmpRequestOf<"Inform">["events"][number];
export type CwmpAttributeChange = CwmpRequestOf<"SetParameterAttributes">["parameters"][number];
/** A parameter with its value. */
export type CwmpParameter = CwmpRequestOf<"Inform">["parameters"][number];
export type CwmpTimeWindow = CwmpRequestOf<"ScheduleDownload">["windows"][number];
export type CwmpQueuedTransfer = CwmpResponseOf<"GetAllQueuedTransfers">["transfers"][number];
/** How a transfer ended; code 0: well. */
export type CwmpFaultStruct = CwmpRequestOf<"TransferComplete">["fault"];

export interface CwmpEnvelope {
  version: CwmpVersion;
  /** `cwmp:ID`: an answer has that of its request. Empty: none. */
  id: string;
  /** From the ACS: send no requests of yours, only empty POSTs (until CWMP 1.1). Absent: not said. */
  holdRequests?: boolean;
  /** Seconds for which the session is kept (1.3 and later). */
  sessionTimeoutSeconds?: number;
  /** Of the CPE in its Inform (1.4). */
  supportedVersions?: readonly string[];
  /** Of the ACS in its answer to it (1.4). */
  useVersion?: string;
  message: CwmpMessage;
}

/** Why bytes are no message; what is known of them stays, so that the sender can be answered. */
export interface CwmpReadFault {
  /**
   * `xml`: no well-formed XML, or too large, too deep; `soap`: no envelope of SOAP 1.1; `version`: no version of CWMP that is known;
   * `method`: an RPC that is not known (9000, 8000); `arguments`: its arguments are not as they should be (9003, 8003).
   */
  kind: "xml" | "soap" | "version" | "method" | "arguments";
  /** One line for people. */
  problem: string;
  version?: CwmpVersion;
  /** `cwmp:ID`; empty: none. */
  id: string;
  /** Name of the RPC. */
  method?: string;
}

export type CwmpReading = { ok: true; envelope: CwmpEnvelope } | { ok: false; fault: CwmpReadFault };
