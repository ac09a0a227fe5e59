/** What bench:throughput can be asked: its help, and which ways it takes. */
import { InputError } from "../base/errors/index.ts";

export const WAYS = [
  "poncast",
  "poncast-packed",
  "poncast-1472",
  "uftp-8800",
  "uftp-1300",
  "udpcast",
  "poncast-loss",
  "poncast-loss-5",
  "poncast-baseline",
] as const;
export type WayName = (typeof WAYS)[number];

export const HELP = `npm run bench:throughput -- [options]

  --onts <n,n>    receivers (default 1,8,32,128)
  --runs <n>      runs of each way (default 5)
  --mib <n>       image in MiB (default 16)
  --ways <a,b>    of ${WAYS.join(", ")} (default all that are installed)
  --help          this text

Ctrl-C ends it; what was measured until then is printed, and not kept in bench/results.`;

/** @param text names, with commas between. @throws InputError for a way that there is not */
export function waysAsked(text: string): Set<WayName> {
  if (text === "") return new Set(WAYS);
  const names = text.split(",");
  for (const name of names)
    if (!(WAYS as readonly string[]).includes(name))
      throw new InputError(`--ways ${text}: there is no ${name || "way without a name"}; there are ${WAYS.join(", ")}`);
  return new Set(names as WayName[]);
}
