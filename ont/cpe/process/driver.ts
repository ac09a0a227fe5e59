/** The CPE in real time: its sessions and files over HTTPS, who it is by digest or basic, its record as a file. */
import { randomBytes } from "node:crypto";
import { basicAnswer, DigestClient, readAuthHeader } from "../../../base/digest/index.ts";
import { type ExchangeRequest, readRoadRecord, RoadDriver, type RoadLinks } from "../../road/process/index.ts";
import type { RoadHeaders } from "../../road/index.ts";
import { createCpe } from "../core/cpe.ts";
import type { ConnectionVerdict, Cpe, CpeConfig, CpeEvent, CpeRecord, CpeRequest, CpeSnapshot } from "../core/types.ts";

const CLIENT_NONCE_BYTES = 16;
const UNAUTHORIZED = 401;

export type CpeLinks = RoadLinks<CpeEvent, CpeRequest>;

/** Who it is, to one server: the challenge holds for the requests that follow. */
interface Door {
  digest: DigestClient;
  isBasic: boolean;
}

export class CpeDriver extends RoadDriver<CpeRequest, CpeRecord, CpeEvent, CpeSnapshot, Cpe> {
  readonly #doors = new Map<string, Door>();

  constructor(config: CpeConfig, links: CpeLinks) {
    const record = readRoadRecord<CpeRecord>(links.recordFile);
    const { serialNumber } = config.deviceId;
    super(`CPE ${serialNumber}`, createCpe(config, record, links.store.state(), links.nowNs()), links);
    this.turn();
  }

  handleConnectionRequest(): ConnectionVerdict {
    const verdict = this.road.handleConnectionRequest(this.nowNs);
    this.turn();
    return verdict;
  }

  connectionRequestPassword(username: string): string | undefined {
    return this.road.connectionRequestPassword(username);
  }

  protected override exchangeOf(request: CpeRequest): ExchangeRequest {
    const { method, headers, body, isBulk } = request;
    const url = new URL(request.url);
    const authorization = this.#authorizationOf(request, url);
    return {
      method,
      url,
      headers: { ...headers, ...(authorization !== undefined && { authorization }) },
      ...(body !== undefined && { body }),
      isBulk,
    };
  }

  /** Asked who it is (RFC 7616): once for each request, and not where it has nothing to say. */
  protected override again(request: CpeRequest, status: number, headers: RoadHeaders): ExchangeRequest | undefined {
    const { credentials } = request;
    const challenge = headers["www-authenticate"];
    if (status !== UNAUTHORIZED || challenge === undefined || credentials.username === "") return undefined;
    const digest = new DigestClient(credentials);
    const isDigest = digest.take(challenge) !== undefined;
    const url = new URL(request.url);
    // In clear, a password is for nobody to read on its way.
    const isBasic =
      !isDigest && url.protocol === "https:" && readAuthHeader(challenge).some(({ scheme }) => scheme === "basic");
    if (!isDigest && !isBasic) return undefined;
    this.#doors.set(doorOf(request, url), { digest, isBasic });
    return this.exchangeOf(request);
  }

  #authorizationOf(request: CpeRequest, url: URL): string | undefined {
    const door = this.#doors.get(doorOf(request, url));
    if (door === undefined) return undefined;
    if (door.isBasic) return basicAnswer(request.credentials);
    return door.digest.answer(
      request.method,
      url.pathname + url.search,
      randomBytes(CLIENT_NONCE_BYTES).toString("base64url"),
    );
  }
}

const doorOf = ({ credentials: { username, password } }: CpeRequest, { origin }: URL): string =>
  [origin, username, password].join("\n");
