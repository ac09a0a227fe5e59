/** Writes what is generated from code and tables: `npm run docs`. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { messageTable } from "../omci/index.ts";
import { dissectorTables } from "../omci/wireshark/tables.ts";
import { dataDictionary } from "../study/export/index.ts";
import { scenarioJsonSchema } from "../scenarios/index.ts";
import { fillArchitecture } from "./architecture-page.ts";
import { cwmpConformancePage } from "./conform-cwmp-page.ts";
import { conformancePage } from "./conformance-page.ts";
import { fillPage } from "./extension-example.ts";
import { manPage } from "./man-page.ts";
import { lintConfig, readRooms } from "./lint-rules.ts";
import { scenarioPage } from "./scenario-page.ts";
import { PROTO_TABLES, type ProtoName, protoTable } from "./protobuf.ts";

const root = join(import.meta.dirname, "..");
const write = (path: string, text: string): void => writeFileSync(join(root, path), text);

const rooms = readRooms(join(root, "rooms.json"));

write("ARCHITECTURE.md", fillArchitecture(root, readFileSync(join(root, "ARCHITECTURE.md"), "utf8"), rooms));
write("docs/extension.md", fillPage(readFileSync(join(root, "docs/extension.md"), "utf8")));
write("docs/messages.md", messageTable());
write("docs/conformance.md", conformancePage());
write("docs/conform-cwmp.md", cwmpConformancePage());
write("docs/data.md", dataDictionary());
write("docs/scenario.md", scenarioPage());
write("docs/poncast.1", await manPage());
write("omci/wireshark/poncast_omci_tables.lua", dissectorTables());
for (const [name, path] of Object.entries(PROTO_TABLES)) write(path, protoTable(root, name as ProtoName));
write("scenarios/scenario.schema.json", `${JSON.stringify(scenarioJsonSchema(), undefined, 2)}\n`);
write(".oxlintrc.json", lintConfig(readFileSync(join(root, ".oxlintrc.json"), "utf8"), rooms));
