/** An ACS and a file server for the CPE's tests, as plain objects: what it asks is a list, what it heard is another. */
import {
  CWMP_EVENTS,
  type CwmpEnvelope,
  type CwmpMessage,
  type CwmpMessageOf,
  type CwmpMethod,
  type CwmpRequest,
  readCwmp,
  writeCwmp,
} from "../../../cwmp/index.ts";
import { rangeOf } from "../../../ont/agent/virtual/depot-model.ts";
import type { CpeRequest } from "../../../ont/cpe/index.ts";
import type { RoadHeaders } from "../../../ont/road/index.ts";
import { sha256Of } from "../agent/store.ts";

export const ACS_URL = "https://acs.test:7548/cwmp";
const FILES = "https://files.test/";
const NOTHING = new Uint8Array(0);
const encoder = new TextEncoder();

export interface TestAnswer {
  status: number;
  headers: RoadHeaders;
  cookies?: readonly string[];
  body: Uint8Array;
  /** The connection breaks after so many bytes. */
  cutAt?: number;
}

export const answerWith = (status: number, headers: RoadHeaders = {}): TestAnswer => ({
  status,
  headers,
  body: NOTHING,
});

export class TestAcs {
  /** What it asks, one after the other, in whatever session comes. */
  readonly tasks: CwmpRequest[] = [];
  /** Everything that the CPE said, by session. */
  readonly sessions: CwmpMessage[][] = [];
  readonly envelopes: CwmpEnvelope[] = [];
  readonly files = new Map<string, Uint8Array>();
  holds = false;
  #asked = 0;

  put(name: string, bytes: Uint8Array): string {
    this.files.set(FILES + name, bytes);
    return FILES + name;
  }

  answer({ url, body = "", headers }: CpeRequest): TestAnswer {
    if (!url.startsWith(ACS_URL)) return this.#file(url, headers);
    if (body === "") return this.#ask("1.2");
    const reading = readCwmp(encoder.encode(body));
    if (!reading.ok) throw new Error(`the CPE sent what nobody can read: ${reading.fault.problem}`);
    const { envelope } = reading;
    this.envelopes.push(envelope);
    const { message, version, id } = envelope;
    if (message.method === "Inform") this.sessions.push([]);
    this.sessions.at(-1)?.push(message);
    const holdRequests = this.holds ? { holdRequests: true } : {};
    const say = (answer: CwmpMessage): TestAnswer => saying({ version, id, ...holdRequests, message: answer });
    switch (message.method) {
      case "Inform":
        return say({ method: "InformResponse", maxEnvelopes: 1 });
      case "TransferComplete":
        return say({ method: "TransferCompleteResponse" });
      case "AutonomousTransferComplete":
        return say({ method: "AutonomousTransferCompleteResponse" });
      case "GetRPCMethods":
        return say({ method: "GetRPCMethodsResponse", methods: ["Inform", "GetRPCMethods", "TransferComplete"] });
      case "RequestDownload":
        return say({ method: "RequestDownloadResponse" });
      default:
        return this.#ask(version);
    }
  }

  #ask(version: CwmpEnvelope["version"]): TestAnswer {
    const message = this.tasks.shift();
    if (message === undefined) return answerWith(204);
    return saying({ version, id: `acs-${++this.#asked}`, message });
  }

  #file(url: string, headers: RoadHeaders): TestAnswer {
    const bytes = this.files.get(url);
    return bytes === undefined ? answerWith(404) : rangeOf({ bytes, sha256: sha256Of(bytes) }, headers);
  }

  get heard(): CwmpMessage[] {
    return this.sessions.flat();
  }

  of<Method extends CwmpMethod>(method: Method): CwmpMessageOf<Method>[] {
    return this.heard.filter((message): message is CwmpMessageOf<Method> => message.method === method);
  }

  /** Event codes of each session. */
  get events(): string[][] {
    return this.of("Inform").map(({ events }) => events.map(({ eventCode }) => eventCode));
  }

  get completes(): CwmpMessageOf<"TransferComplete">[] {
    return this.of("TransferComplete");
  }
}

export const saying = (envelope: CwmpEnvelope): TestAnswer => ({
  status: 200,
  headers: {},
  body: encoder.encode(writeCwmp(envelope)),
});

export const download = (url: string, change: Partial<CwmpMessageOf<"Download">> = {}): CwmpMessageOf<"Download"> => ({
  method: "Download",
  commandKey: "key-1",
  fileType: "1 Firmware Upgrade Image",
  url,
  username: "",
  password: "",
  fileSizeBytes: 0,
  targetFileName: "",
  delaySeconds: 0,
  successUrl: "",
  failureUrl: "",
  ...change,
});

export const { transferComplete: TRANSFER_COMPLETE, methodDownload: M_DOWNLOAD } = CWMP_EVENTS;
