/** A value of a YAML file as people say it, where they would see JSON else: "loss (chance 0.01) and latency (meanMs 5)". */
export function valueWords(value: unknown): string {
  if (typeof value === "string") return value;
  if (value === null) return "none";
  if (Array.isArray(value)) return value.length === 0 ? "none" : value.map(valueWords).join(" and ");
  // Numbers, and yes or no, are written as YAML has them.
  if (typeof value !== "object") return JSON.stringify(value) ?? "";
  const { kind, ...rest } = value as Record<string, unknown>;
  const words = Object.entries(rest).map(([name, of]) => `${name} ${valueWords(of)}`);
  if (kind === undefined) return words.length === 0 ? "none" : words.join(", ");
  return words.length === 0 ? valueWords(kind) : `${valueWords(kind)} (${words.join(", ")})`;
}
