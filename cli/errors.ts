/** Bad input from the person at the terminal: one clear line, exit 2, nothing touched. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}
