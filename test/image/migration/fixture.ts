/** A migration of two steps that its tests share. */
import type { MigrationOperation } from "../../../image/migration/index.ts";

export const step = (from: number, ...operations: MigrationOperation[]) => ({ from, to: from + 1, operations });
export const documentOf = (steps: object[], more: object = {}, schemaVersion = 3): string =>
  JSON.stringify({ schemaVersion, steps, ...more });

/** From version 1 or 2 to 3. */
export const chain = documentOf(
  [
    step(
      1,
      { op: "rename", path: "/wan/mode", to: "type" },
      {
        op: "convert",
        path: "/wan/type",
        table: [
          [0, "dhcp"],
          [1, "static"],
        ],
      },
      { op: "default", path: "/dns", value: {} },
      { op: "move", from: "/wan/dns", path: "/dns/servers" },
    ),
    step(2, { op: "drop", path: "/telnet" }, { op: "default", path: "/ssh", value: { port: 22 } }),
  ],
  {
    schema: {
      type: "object",
      required: ["schemaVersion", "wan"],
      properties: { schemaVersion: { const: 3 }, wan: { properties: { type: { enum: ["dhcp", "static"] } } } },
    },
  },
);
export const bytesOf = (config: unknown): Uint8Array => Buffer.from(JSON.stringify(config));
