/** One row in a table of attributes; apart, so that me.ts and extension.ts need not import each other. */

/** One attribute of a managed entity. */
export interface Attribute {
  name: string;
  bytes: number;
  /** uint up to 4 bytes; text is zero padded; bytes as they are. */
  kind: "uint" | "text" | "bytes";
}
