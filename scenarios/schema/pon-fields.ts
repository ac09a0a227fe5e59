/** What a scenario says of the fibre, and of what lies before it. */
import { choice, field, maybe, number, part, prose, quantity } from "./fields.ts";

const distance = number(0, 60, "km");

export const pon = part(
  {
    profile: field(choice("gpon", "xgpon", "xgspon"), "gpon", "Rates of the line and its frames; virtual time only."),
    trailer: field(
      choice("none", "crc32", "mic"),
      "crc32",
      "End of each OMCI frame: CRC-32 (G-PON), or OMCI-MIC by AES-CMAC (XG-PON and later).",
    ),
    encapsulation: field(
      choice("gem", "plain"),
      "gem",
      "What a UDP datagram holds: GEM frames, or one bare OMCI frame for foreign ONTs.",
    ),
    interface: field(prose, "127.0.0.1", "Interface or address for UDP; 127.0.0.1 keeps every frame on this machine."),
    distanceKm: part(
      { least: field(distance, 1, "The nearest ONT."), most: field(distance, 20, "The farthest ONT.") },
      "Fibre to the ONTs, spread evenly.",
    ),
    grantCycleMicroseconds: field(
      quantity(125, 100_000, "µs"),
      1000,
      "Each ONT may send once in this time; virtual time only.",
    ),
    headendBitsPerSecond: maybe(quantity(1000, 1e13, "bit/s"), "Feed that all PON ports share; absent: no limit."),
  },
  "The fibre.",
);
