/** What an OLT may send: the whole image, one for each kind of hardware, or a delta from what an ONT runs. */
import type { ImageSource } from "../../image/index.ts";
import { imageIdentity, ImageLayout, type MessageSet, sectionDataBytes } from "../../omci/index.ts";
import type { OltConfig } from "./types.ts";

/** One file that goes over the fibre as it is. */
export class Payload {
  /** Its place among those that the OLT has; 0 = the image that all are to run. */
  readonly index: number;
  readonly image: ImageSource;
  /** By which an ONT knows the file again (docs/extension.md, 7). */
  readonly identity: Uint8Array;
  readonly #config: OltConfig;
  readonly #layouts = new Map<MessageSet, ImageLayout>();

  constructor(index: number, image: ImageSource, config: OltConfig) {
    this.index = index;
    this.image = image;
    this.identity = imageIdentity(image.crc32, image.imageBytes, image.sha256);
    this.#config = config;
  }

  get imageBytes(): number {
    return this.image.imageBytes;
  }

  get isDelta(): boolean {
    return this.image.delta !== undefined;
  }

  /** How it falls into sections for a message set; a legacy ONT gets baseline sections whatever the run asks for. */
  layout(messageSet: MessageSet): ImageLayout {
    let layout = this.#layouts.get(messageSet);
    if (!layout) {
      const { messageSet: asked, sectionBytes } = this.#config;
      layout = new ImageLayout(this.imageBytes, messageSet === asked ? sectionBytes : sectionDataBytes(messageSet));
      this.#layouts.set(messageSet, layout);
    }
    return layout;
  }
}
