/**
 * A watched folder in the words of a depot: the update agent asks it what it asks a depot, and has with update.zip the states,
 * the resumption, the tries and the ends that it has with HTTPS. Nothing of the folder is ever changed: what is done is in the
 * agent's record.
 */
import {
  CHUNK_METADATA,
  DDI_TENANT,
  type DdiChunk,
  type DdiPlace,
  ddiPath,
  readDdiPath,
  writeDdiDeployment,
  writeDdiPoll,
} from "../../base/ddi/index.ts";
import type { AgentHeaders, AgentRequest } from "../agent/index.ts";
import { type FileSight, UPDATE_FILE, type WatchedFolder } from "./folder.ts";
import { type FolderFacts, type FolderOffer, type OfferedPayload, offerIn } from "./offer.ts";

/** No name of the network can be this one. */
export const FOLDER_ORIGIN = "https://folder.invalid";
/** The folder is looked at so often, times 0.5 to 1.5. */
export const LOOK_SECONDS = 1;
/** A file has stood still for so long before it is read: it may be being copied. */
const SETTLED_NS = 1.5e9;
/** A range may be drawn out by who reads it: so it ends in time to be looked at again. */
const SLEEP_SECONDS_MAX = 86_399;
const JITTER_MOST = 1.5;
const RANGE = /^bytes=(\d+)-(\d*)$/;

/** What is answered; of a payload, where it lies in the file. */
export interface FolderAnswer {
  status: number;
  headers: AgentHeaders;
  text: string;
  extent: { at: number; bytes: number; sight: FileSight } | undefined;
}

const plain = (status: number, text = ""): FolderAnswer => ({ status, headers: {}, text, extent: undefined });
const isSame = (one: FileSight, other: FileSight): boolean =>
  one.sizeBytes === other.sizeBytes && one.mtimeMs === other.mtimeMs;

export interface FolderDepotOptions {
  folder: WatchedFolder;
  /** Name of the device in DDI. */
  device: string;
  facts: FolderFacts;
  nowNs: () => number;
  /** While this device looked on, the file was put back, or another in its place: what was closed may be begun again. */
  onReplaced: () => void;
}

export class FolderDepot {
  readonly #options: FolderDepotOptions;
  /** With whether it lay there at the first look. */
  #seen: (FileSight & { sinceNs: number; isFirst: boolean }) | undefined;
  /** Nothing has been looked for yet. */
  #isFirst = true;
  /** It was there, and then it was not. */
  #wasTaken = false;
  #judged: { sight: FileSight; offer: FolderOffer } | undefined;

  constructor(options: FolderDepotOptions) {
    this.#options = options;
  }

  answer({ path, headers }: Pick<AgentRequest, "path" | "headers">): FolderAnswer {
    const place = readDdiPath(path)?.place;
    try {
      switch (place?.kind) {
        case "poll":
          return this.#poll();
        case "deployment":
          return this.#deployment(place.action);
        case "artifact":
          return this.#artifact(place.filename, headers);
        case "deploymentFeedback":
          return plain(200);
        default:
          return plain(404);
      }
    } catch {
      // The stick is being pulled out, for example.
      return plain(503);
    }
  }

  #poll(): FolderAnswer {
    const { folder } = this.#options;
    const offer = this.#look();
    const changeSeconds = folder.nextChangeSeconds?.() ?? LOOK_SECONDS;
    const isSettling = this.#seen !== undefined && offer === undefined;
    // The agent draws out what it is told.
    const sleepSeconds = isSettling ? LOOK_SECONDS : Math.ceil(changeSeconds / JITTER_MOST);
    const link = offer && `${this.#href({ kind: "deployment", action: offer.id })}?c=${this.#seen!.sizeBytes}`;
    return plain(
      200,
      writeDdiPoll({
        sleepSeconds: Math.max(LOOK_SECONDS, Math.min(SLEEP_SECONDS_MAX, sleepSeconds)),
        links: link === undefined ? {} : { deploymentBase: link },
      }),
    );
  }

  /** @returns undefined where there is nothing that has stood still */
  #look(): FolderOffer | undefined {
    const { folder, onReplaced, nowNs } = this.#options;
    const file = folder.look();
    const isFirst = this.#isFirst;
    this.#isFirst = false;
    if (file === undefined) {
      this.#wasTaken ||= this.#seen !== undefined;
      this.#seen = undefined;
      this.#judged = undefined;
      return undefined;
    }
    if (this.#seen === undefined || !isSame(this.#seen, file)) {
      if (this.#wasTaken || this.#seen !== undefined) onReplaced();
      this.#wasTaken = false;
      this.#judged = undefined;
      this.#seen = { ...file, sinceNs: nowNs(), isFirst };
    }
    // What lay there when the device came up may be what it was at: it goes on at once, if nothing is wrong with it.
    const hasSettled = nowNs() - this.#seen.sinceNs >= SETTLED_NS;
    if (!hasSettled && !this.#seen.isFirst) return undefined;
    const offer = this.#offer();
    return offer?.kind === "refused" && !hasSettled ? undefined : offer;
  }

  #offer(): FolderOffer | undefined {
    const { folder, facts } = this.#options;
    this.#judged ??= offerIn(folder, facts);
    // It is written to again.
    if (this.#seen === undefined || !isSame(this.#judged.sight, this.#seen)) this.#judged = undefined;
    return this.#judged?.offer;
  }

  #deployment(action: string): FolderAnswer {
    const offer = this.#look();
    if (offer === undefined || offer.id !== action) return plain(404);
    const chunks = offer.kind === "payloads" ? offer.payloads.map((one) => this.#chunkOf(one, offer.version)) : [];
    const why = offer.kind === "refused" ? [refusalOf(offer.why)] : [];
    const handling = { download: "forced", update: "forced" } as const;
    return plain(200, writeDdiDeployment({ id: action, ...handling, chunks: [...chunks, ...why] }));
  }

  #chunkOf({ name, bytes, sha256, kind, baseSha256, targetSha256 }: OfferedPayload, version: string): DdiChunk {
    const metadata = [
      { key: CHUNK_METADATA.kind, value: kind },
      { key: CHUNK_METADATA.targetSha256, value: targetSha256 },
      ...(baseSha256 === undefined ? [] : [{ key: CHUNK_METADATA.baseSha256, value: baseSha256 }]),
    ];
    const download = this.#href({ kind: "artifact", module: "1", filename: name });
    const artifact = { filename: name, sizeBytes: bytes, hashes: { sha256 }, links: { download } };
    return { part: "os", name: UPDATE_FILE, version, artifacts: [artifact], metadata };
  }

  /** The tag is the content's, so that the rest of a file that is copied anew goes on where it was. */
  #artifact(filename: string, { range = "" }: AgentHeaders): FolderAnswer {
    const offer = this.#look();
    const { sight } = this.#judged ?? {};
    const payload = offer?.kind === "payloads" ? offer.payloads.find(({ name }) => name === filename) : undefined;
    if (sight === undefined || payload === undefined) return plain(404);
    const { at, bytes, sha256 } = payload;
    const found = RANGE.exec(range);
    const from = found === null ? 0 : Number(found[1]);
    const to = found === null || found[2] === "" ? bytes : Math.min(bytes, Number(found[2]) + 1);
    const etag = `"${sha256}"`;
    if (from >= to) return { ...plain(416), headers: { etag, "content-range": `bytes */${bytes}` } };
    const headers = { etag, "content-length": `${to - from}`, "content-range": `bytes ${from}-${to - 1}/${bytes}` };
    return { ...plain(206), headers, extent: { at: at + from, bytes: to - from, sight } };
  }

  #href(place: DdiPlace): string {
    return FOLDER_ORIGIN + ddiPath({ tenant: DDI_TENANT, device: this.#options.device, place });
  }
}

const refusalOf = (why: string): DdiChunk => ({
  part: "os",
  name: UPDATE_FILE,
  version: "none",
  artifacts: [],
  metadata: [{ key: CHUNK_METADATA.why, value: why }],
});
