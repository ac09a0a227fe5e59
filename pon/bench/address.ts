/** From what was typed to a road: one entry a form. */
import { ethernetRoad } from "./ethernet.ts";
import { execRoad, wordsOf } from "./exec.ts";
import type { BenchRoad } from "./road.ts";
import { RoadError } from "./road-error.ts";
import { serialRoad } from "./serial.ts";
import { unixListenRoad, unixRoad } from "./unix.ts";

interface Form {
  /** As help and refusals write it. */
  form: string;
  /** @param rest what is behind the colon @returns undefined where it is not of that form */
  roadOf: (name: string, rest: string) => BenchRoad | undefined;
}

/** Roads to one device on a bench, by what is in front of the colon. */
const FORMS: Readonly<Record<string, Form>> = {
  eth: {
    form: "eth:<interface>[/<MAC address>]",
    roadOf: (name, rest) => {
      const [, card, mac] = /^([^/\s:]{1,15})(?:\/((?:[0-9a-f]{2}[:-]){5}[0-9a-f]{2}))?$/i.exec(rest) ?? [];
      return card === undefined ? undefined : ethernetRoad(name, card, mac);
    },
  },
  serial: {
    form: "serial:<tty>[,<bit/s>]",
    roadOf: (name, rest) => {
      const [, path, speed] = /^([^,]+)(?:,(\d{2,8}))?$/.exec(rest) ?? [];
      return path === undefined ? undefined : serialRoad(name, path, speed);
    },
  },
  exec: {
    form: "exec:<program> <arguments>",
    roadOf: (name, rest) => {
      const words = wordsOf(rest);
      return words === undefined || words.length === 0 ? undefined : execRoad(name, words);
    },
  },
  vomci: {
    form: "vomci://<host>:<port>[/<OLT name>/<channel termination>/<ONU-ID>]",
    roadOf: (name, rest) => {
      const [, address, olt, termination = "CT_1", onuId = "1"] =
        /^\/\/((?:[^/:\s[\]]+|\[[0-9a-f:]+\]):\d{1,5})(?:\/([^/\s]+)\/([^/\s]+)\/(\d{1,5}))?\/?$/i.exec(rest) ?? [];
      if (address === undefined) return undefined;
      const oltName = olt === undefined ? undefined : decodeURIComponent(olt);
      const to = { name, address, oltName, channelTermination: decodeURIComponent(termination), onuId: Number(onuId) };
      // gRPC is loaded only where it is used.
      return {
        name,
        hasTrailer: false,
        onuId: to.onuId & 0xff,
        open: async (end, handlers) => (await import("./vomci/road.ts")).openVomci(to, end, handlers),
      };
    },
  },
  unix: { form: "unix:<path>", roadOf: (name, rest) => (rest === "" ? undefined : unixRoad(name, rest)) },
  "unix-listen": {
    form: "unix-listen:<path>",
    roadOf: (name, rest) => (rest === "" ? undefined : unixListenRoad(name, rest)),
  },
};

/** How roads of a bench are written, each. */
export const ROAD_FORMS: readonly string[] = Object.values(FORMS).map(({ form }) => form);

/** @returns undefined where it is none of these. @throws RoadError where it is one, and wrong */
export function roadOf(name: string): BenchRoad | undefined {
  const [, scheme, rest] = /^([a-z-]+):(.*)$/s.exec(name.startsWith("/dev/") ? `serial:${name}` : name) ?? [];
  if (scheme === undefined || !Object.hasOwn(FORMS, scheme)) return undefined;
  const { form, roadOf: of } = FORMS[scheme];
  const road = of(name, rest);
  if (road === undefined) throw new RoadError(`${name}: ${form} is allowed`);
  return road;
}
