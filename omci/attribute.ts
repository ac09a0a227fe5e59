/** One row in a table of attributes; apart, so that me.ts and extension.ts need not import each other. */

/** Who may write it beside reading: nobody where it is absent; Set, Create, or both (G.988 9: W, set-by-create). */
export type Access = "set" | "create" | "createAndSet";

/** What its octets mean where they are more than a number, a text or octets. */
export type AttributeFormat =
  | "signed"
  | "unsigned"
  | "enum"
  | "boolean"
  | "administrativeState"
  | "operationalState"
  | "opticalLevel"
  | "bits"
  | "serialNumber"
  | "mac"
  | "ipv4"
  | "ipv6";

/** One attribute of a managed entity. */
export interface Attribute {
  name: string;
  /** Of a table: those of a row. */
  bytes: number;
  /** uint up to 6 bytes; text is zero padded; bytes as they are; a table is read by Get next. */
  kind: "uint" | "text" | "bytes" | "table";
  format?: AttributeFormat;
  access?: Access;
}

/**
 * What lists attributes: `get` is a mask, and a table stands there by its size; `set` is a mask, with one row of a table; `create` is all
 * that are set by create, without a mask (G.988 11.2).
 */
export type AttributeList = "get" | "set" | "create";
