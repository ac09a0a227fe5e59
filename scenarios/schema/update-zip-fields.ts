/** What a scenario says of update.zip: how it comes to the devices of the road file. */
import { field, integer, part, quantity } from "./fields.ts";

const DAY_SECONDS = 86_400;

export const updateZip = part(
  {
    everySeconds: field(
      integer(0, DAY_SECONDS, "seconds"),
      0,
      "A technician brings it to one device after another, so many seconds apart; 0: all have it at once.",
    ),
    readBytesPerSecond: field(
      quantity(1, 1e12, "bytes/s"),
      20_000_000,
      "A device reads it so fast; virtual time only. As it stands that of a USB 2.0 stick, roughly.",
    ),
  },
  "The file update.zip, which each device finds in its folder; road file only.",
);
