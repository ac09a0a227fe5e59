/** One attribute of a managed entity. */
export interface Attribute {
  name: string;
  bytes: number;
  /** uint up to 4 bytes; text is zero padded; bytes as they are. */
  kind: "uint" | "text" | "bytes";
}
