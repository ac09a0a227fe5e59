/** A file, key or manifest field that cannot be used; the message is one line for the person who gave it. */
import { InputError } from "../base/errors/index.ts";

export class ImageError extends InputError {
  override readonly name = "ImageError";
}
