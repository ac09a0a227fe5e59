/** A road that was typed wrong, or that leads nowhere: one line for the person at the terminal. */
import { InputError } from "../../base/errors/index.ts";

export class RoadError extends InputError {
  override readonly name = "RoadError";
}
