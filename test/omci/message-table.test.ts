/** docs/messages.md is up to date. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { messageTable } from "../../omci/message-table.ts";

it("docs/messages.md is what the layout table says; `npm run docs` makes it", () => {
  expect(readFileSync(join(import.meta.dirname, "../../docs/messages.md"), "utf8")).toBe(messageTable());
});
