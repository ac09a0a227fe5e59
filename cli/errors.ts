/** Bad input from the person at the terminal: one clear line, exit 2, nothing touched. */
import { InputError } from "../base/errors/index.ts";

export class UsageError extends InputError {
  override readonly name = "UsageError";
}
