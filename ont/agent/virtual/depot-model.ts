/** A depot as a plain object: what DDI answers to a fleet of agents with one action each. No socket, no clock. */
import {
  ARTIFACT_KINDS,
  type ArtifactKind,
  CHUNK_METADATA,
  DDI_TENANT,
  type DdiFeedback,
  type DdiHandling,
  ddiPath,
  readDdiFeedback,
  readDdiPath,
  writeDdiCancel,
  writeDdiDeployment,
  writeDdiPoll,
} from "../../../base/ddi/index.ts";
import type { AgentHeaders, AgentRequest } from "../core/types.ts";

/** A file that is offered. */
export interface ModelFile {
  filename: string;
  bytes: Uint8Array;
  /** Hexadecimal. */
  sha256: string;
  version: string;
  kind?: ArtifactKind;
  baseSha256?: string;
  targetSha256?: string;
}

/** @property body a view into the file; it is not copied */
export interface ModelAnswer {
  status: number;
  headers: AgentHeaders;
  body: Uint8Array;
}

/** What the depot knows of one device. */
export interface ModelDevice {
  polls: number;
  isClosed: boolean;
  feedback: DdiFeedback[];
  attributes: string;
}

const NOTHING = new Uint8Array(0);
const RANGE = /^bytes=(\d+)-(\d*)$/;
const encoder = new TextEncoder();
/** Kept of what one device tells. */
const FEEDBACK_MAX = 64;
/** hawkBit's module of the files. */
const MODULE = "1";

export class DepotModel {
  readonly origin: string;
  files: readonly ModelFile[];
  action = "1";
  sleepSeconds = 300;
  download: DdiHandling = "forced";
  update: DdiHandling = "forced";
  window: "available" | "unavailable" | undefined;
  /** There is something to install. */
  isOffered = true;
  /** The action is to be stopped. */
  isCancelled = false;
  /** Changes when the content of the action does. */
  revision = 1;
  readonly devices = new Map<string, ModelDevice>();
  readonly #documents = new Map<string, Uint8Array>();

  constructor(origin: string, files: readonly ModelFile[]) {
    this.origin = origin;
    this.files = files;
  }

  deviceOf(name: string): ModelDevice {
    let device = this.devices.get(name);
    if (device === undefined) {
      device = { polls: 0, isClosed: false, feedback: [], attributes: "" };
      this.devices.set(name, device);
    }
    return device;
  }

  answer({
    method,
    path,
    headers,
    body = "",
  }: Pick<AgentRequest, "method" | "path" | "headers" | "body">): ModelAnswer {
    const address = readDdiPath(path);
    if (address === undefined) return { status: 404, headers: {}, body: NOTHING };
    const { place } = address;
    const device = this.deviceOf(address.device);
    switch (place.kind) {
      case "poll":
        device.polls += 1;
        return this.#document(`poll ${device.isClosed} ${device.attributes === ""}`, address.device, () =>
          this.#poll(address.device, device),
        );
      case "deployment":
        return this.#document("deployment", address.device, () => this.#deployment(address.device));
      case "cancel":
        return this.#document("cancel", address.device, () =>
          writeDdiCancel({ id: `c${this.action}`, stopId: this.action }),
        );
      case "configData":
        if (method === "PUT") device.attributes = body;
        return { status: 200, headers: {}, body: NOTHING };
      case "deploymentFeedback":
      case "cancelFeedback":
        return this.#feedback(device, body, place.kind === "cancelFeedback");
      case "artifact":
        return this.#artifact(place.filename, headers);
      case "installed":
        return { status: 404, headers: {}, body: NOTHING };
    }
  }

  #poll(name: string, device: ModelDevice): string {
    const at = (place: Parameters<typeof ddiPath>[0]["place"]): string =>
      this.origin + ddiPath({ tenant: DDI_TENANT, device: name, place });
    const hasAction = this.isOffered && !device.isClosed;
    const deployment = `${at({ kind: "deployment", action: this.action })}?c=${this.revision}`;
    return writeDdiPoll({
      sleepSeconds: this.sleepSeconds,
      links: {
        ...(device.attributes === "" && { configData: at({ kind: "configData" }) }),
        ...(hasAction && this.isCancelled && { cancelAction: at({ kind: "cancel", action: `c${this.action}` }) }),
        ...(hasAction && !this.isCancelled && { deploymentBase: deployment }),
      },
    });
  }

  #deployment(name: string): string {
    const chunks = this.files.map((file) => ({
      part: "os",
      name: "firmware",
      version: file.version,
      artifacts: [
        {
          filename: file.filename,
          sizeBytes: file.bytes.length,
          hashes: { sha256: file.sha256 },
          links: {
            download:
              this.origin +
              ddiPath({
                tenant: DDI_TENANT,
                device: name,
                place: { kind: "artifact", module: MODULE, filename: file.filename },
              }),
          },
        },
      ],
      metadata: [
        { key: CHUNK_METADATA.kind, value: file.kind ?? ARTIFACT_KINDS[0] },
        ...(file.baseSha256 === undefined ? [] : [{ key: CHUNK_METADATA.baseSha256, value: file.baseSha256 }]),
        ...(file.targetSha256 === undefined ? [] : [{ key: CHUNK_METADATA.targetSha256, value: file.targetSha256 }]),
      ],
    }));
    const { action: id, download, update, window } = this;
    return writeDdiDeployment({ id, download, update, chunks, ...(window && { maintenanceWindow: window }) });
  }

  /** Documents are alike for long: each is written once, until something of the depot changes. */
  #document(kind: string, device: string, write: () => string): ModelAnswer {
    const { isOffered, isCancelled, action, revision, download, update, window, sleepSeconds } = this;
    const key = [kind, device, isOffered, isCancelled, action, revision, download, update, window, sleepSeconds].join();
    let body = this.#documents.get(key);
    if (body === undefined) {
      body = encoder.encode(write());
      if (this.#documents.size > 3 * Math.max(64, this.devices.size)) this.#documents.clear();
      this.#documents.set(key, body);
    }
    return { status: 200, headers: {}, body };
  }

  #feedback(device: ModelDevice, body: string, isCancel: boolean): ModelAnswer {
    const reading = readDdiFeedback(body);
    if (!reading.ok) return { status: 400, headers: {}, body: NOTHING };
    if (device.feedback.length < FEEDBACK_MAX) device.feedback.push(reading.value);
    if (reading.value.execution === "closed") device.isClosed = true;
    if (isCancel && reading.value.execution === "rejected") this.isCancelled = false;
    return { status: 200, headers: {}, body: NOTHING };
  }

  #artifact(filename: string, headers: AgentHeaders): ModelAnswer {
    const file = this.files.find((each) => each.filename === filename);
    return file === undefined ? { status: 404, headers: {}, body: NOTHING } : rangeOf(file, headers);
  }
}

/** RFC 9110: one range from a byte on, or between two; If-Range with a tag that does not fit gives the whole. */
export function rangeOf(file: Pick<ModelFile, "bytes" | "sha256">, headers: AgentHeaders): ModelAnswer {
  const totalBytes = file.bytes.length;
  const etag = `"${file.sha256.slice(0, 32)}"`;
  const found = RANGE.exec(headers.range ?? "");
  const isOther = headers["if-range"] !== undefined && headers["if-range"] !== etag;
  if (found === null || isOther)
    return { status: 200, headers: { etag, "content-length": `${totalBytes}` }, body: file.bytes };
  const from = Number(found[1]);
  const to = Math.min(found[2] === "" ? totalBytes - 1 : Number(found[2]), totalBytes - 1);
  if (from > to) return { status: 416, headers: { etag, "content-range": `bytes */${totalBytes}` }, body: NOTHING };
  const range = { "content-range": `bytes ${from}-${to}/${totalBytes}`, "content-length": `${to + 1 - from}` };
  return { status: 206, headers: { etag, ...range }, body: file.bytes.subarray(from, to + 1) };
}
