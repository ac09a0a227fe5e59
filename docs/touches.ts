/** What of the machine a source file touches, and what rooms.json lets it touch. */
import type { Rooms } from "./lint-rules.ts";

interface Signs {
  /** For readers of the table. */
  meaning: string;
  /** Modules by which it is told. */
  modules?: RegExp;
  /** Words of the code by which it is told. */
  words?: RegExp;
}

const SIGNS = {
  clock: {
    meaning: "what time it is",
    words: /\bDate\.now\b|\bnew Date\(\)|\bperformance\.now\b|\bprocess\.hrtime\b|\b(?:system|start)Clock\(/,
  },
  timers: {
    meaning: "calls that come later",
    modules: /^node:timers(?:\/|$)/,
    words: /\bset(?:Timeout|Interval|Immediate)\(|\bqueueMicrotask\(|\bnew DeadlineTimer\(/,
  },
  files: { meaning: "the file system", modules: /^node:fs(?:\/|$)/ },
  sockets: {
    meaning: "the network",
    modules: /^(?:node:(?:dgram|net|dns|tls|http2?|https)(?:\/|$)|@grpc\/|(?:bullmq|ioredis|koffi)$)/,
  },
  processes: {
    meaning: "other processes and threads, signals, the end of its own",
    modules: /^node:(?:child_process|cluster|worker_threads)$/,
    words: /\bprocess\.(?:send|connected|disconnect|exit|kill)\b|\bprocess\.on(?:ce)?\(/,
  },
  chance: {
    meaning: "randomness that no seed repeats",
    words: /\bMath\.random\b|\brandom(?:Bytes|Int|UUID|FillSync)\(|\bgenerateKeyPair(?:Sync)?\(/,
  },
  effect: { meaning: "the package of that name", modules: /^effect(?:\/|$)/ },
} as const satisfies Record<string, Signs>;

export type Touch = keyof typeof SIGNS;
export const TOUCHES = Object.keys(SIGNS) as Touch[];
/** One sentence that says what each word of the column stands for. */
export const TOUCHES_MEAN = `Files touch ${TOUCHES.map((touch) => `**${touch}** (${SIGNS[touch].meaning})`).join(", ")} only where the table says so; what they get from files that they import is those files' matter.`;

const COMMENT = /\/\*[^]*?\*\/|(?<=^|[\s;{(])\/\/.*$/gm;
const MODULE = /^(?:import|export)\s+(type\s)?[^"';]*?\s*from\s+"([^".][^"]*)"|\bimport\(\s*"([^".][^"]*)"\s*\)/gm;

/** What a file touches by itself, whatever is behind the files that it imports. Types touch nothing. */
export function touchesOf(text: string): Touch[] {
  const code = text.replaceAll(COMMENT, "");
  const modules = [...code.matchAll(MODULE)]
    .filter(([, type]) => type === undefined)
    .map(([, , from, late]) => from ?? late);
  return TOUCHES.filter((touch) => {
    const { modules: names, words }: Signs = SIGNS[touch];
    return modules.some((name) => names?.test(name)) || words?.test(code) === true;
  });
}

/** The row of `touches` that counts for a file: that of its own name, else of the nearest folder that has one. */
export function rowOf({ rooms }: Rooms, file: string): string {
  const [room, ...path] = file.split("/");
  for (let length = path.length; length > 0; length--) {
    const row = path.slice(0, length).join("/");
    if (row in rooms[room].touches) return row;
  }
  return "";
}

/** In words, for the table of rooms: what the room touches, then what folders and files do that differ. */
export function touchesInWords(room: string, touches: Readonly<Record<string, readonly string[]>>): string {
  const { "": rest = [], ...others } = touches;
  const list = (some: readonly string[]): string => (some.length > 0 ? some.join(", ") : "nothing");
  return [list(rest), ...Object.entries(others).map(([row, some]) => `\`${room}/${row}\`: ${list(some)}`)].join("; ");
}
