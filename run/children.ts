/** Which processes a run has started, by their command lines: for who looks at a run from outside. */
import { readdirSync, readFileSync } from "node:fs";

/** What the command lines of our processes end in: process ids say nothing, they begin again at the machine's limit. */
const SIDES = {
  olt: /\/olt\.js\0/,
  ont: /\/ont\.cjs\0/,
  feed: /\/feed\.js\0/,
  any: /\/(olt\.js|feed\.js|ont\.cjs)\0/,
  cli: /\/cli\.js\0/,
};

/** Process ids of the OLT or ONT processes, or the commands, that `parent` has started. */
export function childrenOf(parent: number, side: keyof typeof SIDES = "any"): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
        const [, ppid] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
        return Number(ppid) === parent && SIDES[side].test(readFileSync(`/proc/${pid}/cmdline`, "latin1"));
      } catch {
        return false;
      }
    });
}
