/** Bodies of requests. */
import { CommandError } from "../../../run/control/index.ts";

/** @throws CommandError where the text is no JSON object */
export function fieldsOf(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch {
    // Said below.
  }
  throw new CommandError("the body is no JSON object");
}
