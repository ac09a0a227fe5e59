/** An ACS, and a CPE that says what a test lets it say; what goes between them goes through the codec. */
import {
  CWMP_EVENTS,
  type CwmpEnvelope,
  type CwmpMessage,
  type CwmpRequest,
  type CwmpVersion,
  cwmpFault,
  readCwmp,
  writeCwmp,
} from "../../../../cwmp/index.ts";
import {
  Acs,
  type AcsConfig,
  type AcsEvent,
  type AcsReply,
  type AcsSession,
} from "../../../../headend/acs/core/index.ts";
import type { DepotArtifact } from "../../../../headend/depot/core/index.ts";

export const NOW_MS = Date.UTC(2026, 10, 27, 12);
export const DEVICE = "00D09E-PC%2DONT%2D1-PCST1";
const hashOf = (digit: string): string => digit.repeat(64);

export const image = (version: string, digit: string, more: Partial<DepotArtifact> = {}): DepotArtifact => ({
  filename: `firmware-${version}.pon`,
  sizeBytes: 1_000,
  hashes: { sha256: hashOf(digit), sha1: "", md5: "" },
  version,
  kind: "image",
  productCode: "PC-ONT-1",
  hardware: ["1.0"],
  minimumVersion: "",
  expiresMs: 0,
  targetSha256: hashOf(digit),
  ...more,
});
export const deltaTo = (version: string, from: string, to: string): DepotArtifact =>
  image(version, "d", { kind: "delta", sizeBytes: 100, targetSha256: hashOf(to), baseSha256: hashOf(from) });

export const secrets = {
  file: (device: string) => ({ username: device, password: "file" }),
  connectionRequest: () => ({ username: "acs", password: "knock" }),
};

/** What the ACS keeps, as its log has it. */
export class Kept {
  events: AcsEvent[] = [];

  /** @param after events of this life go behind those of the one before */
  acs(artifacts: readonly DepotArtifact[], config: AcsConfig = {}): Acs {
    const acs = new Acs(config, artifacts, secrets);
    acs.restore(undefined, JSON.parse(JSON.stringify(this.events)) as AcsEvent[]);
    return acs;
  }

  take(acs: Acs): AcsEvent[] {
    const events: AcsEvent[] = [];
    for (let event = acs.pollEvent(); event !== undefined; event = acs.pollEvent()) events.push(event);
    this.events.push(...events);
    return events;
  }
}

export type Said = CwmpMessage | "end" | { status: number; line: string };

/** One session of a device. */
export class TestSession {
  readonly #acs: Acs;
  readonly #kept: Kept;
  readonly #version: CwmpVersion;
  readonly session: AcsSession;
  nowMs = NOW_MS;
  /** ID of the ACS's last request. */
  asked = "";
  readonly events: AcsEvent[] = [];

  constructor(acs: Acs, kept: Kept, version: CwmpVersion = "1.2") {
    this.#acs = acs;
    this.#kept = kept;
    this.#version = version;
    this.session = acs.openSession({ origin: "https://acs.test" });
  }

  inform(
    version: string,
    events: readonly (readonly [string, string?])[] = [[CWMP_EVENTS.periodic]],
    more: object = {},
  ): Said {
    const parameter = (name: string, text: string) => ({
      name: `Device.${name}`,
      value: { type: "string", text } as const,
    });
    return this.say({
      method: "Inform",
      deviceId: { manufacturer: "poncast", oui: "00D09E", productClass: "PC-ONT-1", serialNumber: "PCST1" },
      events: events.map(([eventCode, commandKey = ""]) => ({ eventCode, commandKey })),
      maxEnvelopes: 1,
      currentTime: this.nowMs,
      retryCount: 0,
      parameters: [
        parameter("DeviceInfo.HardwareVersion", "1.0"),
        parameter("DeviceInfo.SoftwareVersion", version),
        parameter("ManagementServer.ConnectionRequestURL", "http://127.0.0.1:7547/x"),
      ],
      ...more,
    } as CwmpRequest);
  }

  /** A request of the CPE's, or what it answers. */
  say(
    message: CwmpMessage,
    id = message.method === "Fault" || message.method.endsWith("Response") ? this.asked : "c1",
  ): Said {
    const bytes = Buffer.from(writeCwmp({ version: this.#version, id, message }));
    return this.#take(this.session.handlePost(this.nowMs, readCwmp(bytes)), id);
  }

  post(text: string): Said {
    return this.#take(this.session.handlePost(this.nowMs, readCwmp(Buffer.from(text))), undefined);
  }

  empty(): Said {
    return this.#take(this.session.handlePost(this.nowMs, undefined), undefined);
  }

  fault(code: number): Said {
    return this.say(cwmpFault(code));
  }

  #take(reply: AcsReply, id: string | undefined): Said {
    this.events.push(...this.#kept.take(this.#acs));
    if (reply.kind === "end") return "end";
    if (reply.kind === "refused") return { status: reply.status, line: reply.line };
    const reading = readCwmp(Buffer.from(writeCwmp(reply.envelope)));
    if (!reading.ok) throw new Error(reading.fault.problem);
    const { envelope }: { envelope: CwmpEnvelope } = reading;
    if (envelope.version !== this.#version) throw new Error("an answer has the version of its request");
    const isAnswer = envelope.message.method === "Fault" || envelope.message.method.endsWith("Response");
    if (isAnswer && id !== undefined && envelope.id !== id) throw new Error("an answer has the ID of its request");
    if (!isAnswer) this.asked = envelope.id;
    return envelope.message;
  }
}

export const taken = { method: "DownloadResponse", status: 1, startTime: "unknown", completeTime: "unknown" } as const;

export const complete = (commandKey: string, code = 0, faultString = ""): CwmpMessage => ({
  method: "TransferComplete",
  commandKey,
  fault: { faultCode: code, faultString },
  startTime: NOW_MS,
  completeTime: NOW_MS + 1,
});
