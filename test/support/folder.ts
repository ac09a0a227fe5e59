/** Folders of a test, and their end. */
import { rmSync } from "node:fs";

/** Of processes that end at the same time, a last file may come while the folder is emptied: that fails no test. */
export function removeFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
}
