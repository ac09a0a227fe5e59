/** Tags of a run: a small file in its folder, so that they go where the run goes. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { writeWhole } from "../../../base/files/index.ts";

const FILE = "tags.json";
const TAGS_MAX = 8;
const TAG_LENGTH_MAX = 32;
/** Words that are written alike everywhere: no spaces, nothing that cannot be seen. */
const TAG = /^[^\s,\p{C}]+$/u;

/** Tags as they are kept; undefined: they cannot be. */
export function tagsOf(asked: unknown): string[] | undefined {
  if (!Array.isArray(asked) || asked.length > TAGS_MAX) return undefined;
  const isTag = (tag: unknown): tag is string =>
    typeof tag === "string" && tag.length <= TAG_LENGTH_MAX && TAG.test(tag);
  return asked.every(isTag) ? [...new Set(asked)] : undefined;
}

export function readTags(folder: string): string[] {
  try {
    return tagsOf(JSON.parse(readFileSync(join(folder, FILE), "utf8"))) ?? [];
  } catch {
    return [];
  }
}

export const writeTags = (folder: string, tags: readonly string[]): void =>
  writeWhole(join(folder, FILE), `${JSON.stringify(tags)}\n`);
