/** What a scenario says of the depot: the headend of the road https. */
import { Schema } from "effect";
import { field, integer, maybe, part, quantity, milliseconds } from "./fields.ts";

const DAY_SECONDS = 86_400;
const RTT_MS_MAX = 10_000;

/** As headend/depot reads it. */
const window = Schema.String.annotate({ expected: "hours and a zone, such as 02:00-05:00 Europe/Berlin" }).check(
  Schema.isPattern(/^([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d( +[\w/+-]+)?$/, {
    expected: "hours and a zone, such as 02:00-05:00 Europe/Berlin",
  }),
);

export const depot = part(
  {
    pollSeconds: field(
      integer(1, DAY_SECONDS - 1, "seconds"),
      5,
      "A device asks so often, times 0.5 to 1.5; its first question comes within the first pause.",
    ),
    rateBytesPerSecond: maybe(quantity(1, 1e12, "bytes/s"), "Limit on all downloads together; absent: none."),
    downloadBytesPerSecond: maybe(quantity(1, 1e12, "bytes/s"), "Limit on each download; absent: none."),
    window: maybe(
      window,
      "When devices may install, every day; they may download before. Absent: always. Virtual time begins at midnight UTC.",
      "02:00-05:00 Europe/Berlin",
    ),
    roundTripMs: field(milliseconds(RTT_MS_MAX), 20, "Between device and depot and back; virtual time only."),
  },
  "The depot, which devices ask over HTTPS; road https only.",
);
