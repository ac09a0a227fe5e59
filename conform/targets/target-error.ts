/** A target that was typed wrong, or that there is no way to: one line for the person at the terminal. */
import { InputError } from "../../base/errors/index.ts";

export class TargetError extends InputError {
  override readonly name = "TargetError";
}
