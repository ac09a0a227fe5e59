/** One folder for all temporary files of a whole run of the tests, gone at its end, whatever tests, browsers and killed processes leave. */
import { chmodSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { removeFolder } from "./folder.ts";

/** Each project of the tests has this set up; the first makes the folder. */
export default function setup(): (() => void) | undefined {
  if (process.env.PONCAST_TESTS_FOLDER !== undefined) return undefined;
  // A short name: sockets of Unix have 107 octets for their whole path.
  const folder = mkdtempSync(join(tmpdir(), "poncast-"));
  // A test that has a command run by another user lets him come that far.
  chmodSync(folder, 0o755);
  process.env.PONCAST_TESTS_FOLDER = folder;
  process.env.TMPDIR = folder;
  return () => removeFolder(folder);
}
