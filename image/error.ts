/** A file, key or manifest field that cannot be used; the message is one line for the person who gave it. */
export class ImageError extends Error {
  override readonly name = "ImageError";
}
