/** What a scenario says of the headend from which ONTs fetch their images: the depot of the road https, the ACS of the road cwmp. */
import { Schema } from "effect";
import { choice, field, integer, maybe, part, quantity, milliseconds } from "./fields.ts";

const DAY_SECONDS = 86_400;
const RTT_MS_MAX = 10_000;

/** As headend/depot reads it. */
const window = Schema.String.annotate({ expected: "hours and a zone, such as 02:00-05:00 Europe/Berlin" }).check(
  Schema.isPattern(/^([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d( +[\w/+-]+)?$/, {
    expected: "hours and a zone, such as 02:00-05:00 Europe/Berlin",
  }),
);

const rates = {
  rateBytesPerSecond: maybe(quantity(1, 1e12, "bytes/s"), "Limit on all downloads together; absent: none."),
  downloadBytesPerSecond: maybe(quantity(1, 1e12, "bytes/s"), "Limit on each download; absent: none."),
};

export const depot = part(
  {
    pollSeconds: field(
      integer(1, DAY_SECONDS - 1, "seconds"),
      5,
      "A device asks so often, times 0.5 to 1.5; its first question comes within the first pause.",
    ),
    ...rates,
    window: maybe(
      window,
      "When devices may install, every day; they may download before. Absent: always. Virtual time begins at midnight UTC.",
      "02:00-05:00 Europe/Berlin",
    ),
    roundTripMs: field(milliseconds(RTT_MS_MAX), 20, "Between device and depot and back; virtual time only."),
  },
  "The depot, which devices ask over HTTPS; road https only.",
);

export const acs = part(
  {
    informSeconds: field(
      integer(1, DAY_SECONDS - 1, "seconds"),
      20,
      "A device informs the ACS so often by itself (PeriodicInformInterval), beside its boots and what it has to tell.",
    ),
    version: field(
      choice("1.0", "1.1", "1.2", "1.3", "1.4"),
      "1.2",
      "The version of CWMP that devices begin with; ScheduleDownload, and windows with it, came with 1.2.",
    ),
    ...rates,
    window: maybe(
      window,
      "When devices download and install, every day. Absent: always. Virtual time begins at midnight UTC.",
      "02:00-05:00 Europe/Berlin",
    ),
    roundTripMs: field(milliseconds(RTT_MS_MAX), 20, "Between device and ACS and back; virtual time only."),
  },
  "The ACS, which devices go to over TR-069; road cwmp only.",
);
