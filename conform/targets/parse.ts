/** From the URL of a target to the way there: one entry a scheme. */
import type { TrailerPair } from "../../omci/index.ts";
import type { Target } from "../core/transport.ts";
import { TargetError } from "./target-error.ts";
import type { RealTimeOptions } from "./real-time.ts";
import { plainEnvelope, relayEnvelope, RELAY_PORT, udpTarget } from "./udp.ts";
import { crc32Trailers, noTrailers } from "./trailers.ts";
import { benchTarget } from "./bench.ts";
import { ROAD_FORMS, roadOf } from "../../pon/bench/index.ts";

const TERMINATION_CHARACTERS_MAX = 30;
const ONU_ID_MAX = 0xffff;
const PORT_MAX = 65_535;

export interface TargetOptions extends RealTimeOptions {
  /** How frames end; where it is left open, as the scheme has it. */
  trailers?: TrailerPair;
}

type Scheme = (url: URL, name: string, options: TargetOptions) => Target;

/** Ways to an ONT, by the scheme of the URL; another is one more entry. */
const schemes: Readonly<Record<string, Scheme>> = {
  /** `udp://host:port`: one bare frame in each datagram. */
  udp: (url, name, options) => {
    if (url.port === "") throw new TargetError(`${name}: a port is needed, as in udp://192.0.2.1:5000`);
    if (url.pathname.replaceAll("/", "") !== "") throw new TargetError(`${name}: nothing may follow the port`);
    return udpTarget({
      ...options,
      name,
      host: hostOf(url, name),
      port: portOf(url.port, name),
      envelope: plainEnvelope,
      trailers: options.trailers ?? crc32Trailers,
    });
  },
  /** `relay://host[:port]/<channel termination>/<ONU-ID>`: OB-BAA's relay. */
  relay: (url, name, options) => {
    const [termination = "CT_1", onuId = "1", ...more] = url.pathname
      .split("/")
      .filter(Boolean)
      .map(decodeURIComponent);
    const id = Number(onuId);
    if (!/^[\x21-\x7e]+$/.test(termination) || termination.length > TERMINATION_CHARACTERS_MAX || more.length > 0)
      throw new TargetError(
        `${name}: relay://host:port/<channel termination, up to 30 characters>/<ONU-ID> is allowed`,
      );
    if (!/^\d+$/.test(onuId) || id > ONU_ID_MAX)
      throw new TargetError(`${name}: ONU-ID ${onuId} is not 0 to ${ONU_ID_MAX}`);
    return udpTarget({
      ...options,
      name,
      host: hostOf(url, name),
      port: url.port === "" ? RELAY_PORT : portOf(url.port, name),
      envelope: relayEnvelope(termination, id),
      trailers: options.trailers ?? noTrailers,
      onuId: id & 0xff,
    });
  },
  /** `openolt://host[:port][/<serial number>]`: an ONU behind VOLTHA's southbound interface. */
  openolt: (url, name, options) => {
    const serial = decodeURIComponent(url.pathname.replaceAll("/", ""));
    const target = {
      ...options,
      name,
      host: hostOf(url, name),
      port: url.port === "" ? OPEN_OLT_PORT : portOf(url.port, name),
      ...(serial !== "" && { serial }),
    };
    return {
      name,
      isFreshEachCase: false,
      // gRPC is loaded only where it is used.
      open: async () => (await import("./openolt.ts")).openOltTarget(target).open(),
    };
  },
};

/** Port of OpenOLT where none is given. */
const OPEN_OLT_PORT = 50_060;

/** How targets are written, each. */
export const TARGET_FORMS: readonly string[] = [
  "udp://<host>:<port>",
  "relay://<host>[:<port>]/<channel termination>/<ONU-ID>",
  "openolt://<host>[:<port>][/<serial number>]",
  ...ROAD_FORMS,
];

/** @throws TargetError, RoadError: in one line */
export function targetOf(name: string, options: TargetOptions): Target {
  const road = roadOf(name);
  if (road !== undefined) return benchTarget(road, options);
  const refuse = (problem: string): never => {
    throw new TargetError({ place: name, problem, remedy: `${TARGET_FORMS.join(", ")} are allowed` });
  };
  let url: URL;
  try {
    url = new URL(name);
  } catch {
    return refuse("no target");
  }
  const scheme = Object.hasOwn(schemes, url.protocol.slice(0, -1)) ? schemes[url.protocol.slice(0, -1)] : undefined;
  if (scheme === undefined) return refuse(`${url.protocol}${url.host === "" ? "" : "//"} is no way to an ONT`);
  return scheme(url, name, options);
}

function hostOf({ hostname }: URL, name: string): string {
  if (hostname === "") throw new TargetError(`${name}: a host is needed`);
  return hostname.replace(/^\[(.*)\]$/, "$1");
}

function portOf(text: string, name: string): number {
  const port = Number(text);
  if (port < 1 || port > PORT_MAX) throw new TargetError(`${name}: port ${text} is not 1 to ${PORT_MAX}`);
  return port;
}
