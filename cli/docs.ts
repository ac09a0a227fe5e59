import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { messageTable } from "../omci/message-table.ts";
import { conformancePage } from "../scenarios/conform/core/document.ts";
import { scenarioJsonSchema } from "../scenarios/schema/json-schema.ts";

/** Writes what is generated from the code: `npm run docs`. */
const root = join(import.meta.dirname, "..");
mkdirSync(join(root, "docs"), { recursive: true });
writeFileSync(join(root, "docs/messages.md"), messageTable());
writeFileSync(join(root, "scenarios/scenario.schema.json"), `${JSON.stringify(scenarioJsonSchema(), null, 2)}\n`);
writeFileSync(join(root, "docs/conformance.md"), conformancePage());
