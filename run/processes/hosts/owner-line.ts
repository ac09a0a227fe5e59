/** A host's line to the owner of the run: dialled again whenever it is gone. */
import { randomBytes } from "node:crypto";
import { dialOwner, type OwnerAddress } from "../../../olt/feed/index.ts";
import { Conversation, SAY_MS } from "./conversation.ts";
import type { FromHost, ToHost } from "./protocol.ts";

const HOST_BYTES = 16;

export interface OwnerLineHandlers {
  onMessage: (message: ToHost) => void;
  onState: (state: "lost" | "found") => void;
  /** Nobody is there, or somebody with another key. */
  onFailed: (how: "unreachable" | "refused", words: string) => void;
}

export class OwnerLine {
  readonly conversation: Conversation<FromHost, ToHost>;
  readonly #host = randomBytes(HOST_BYTES).toString("hex");
  readonly #where: OwnerAddress;
  readonly #handlers: OwnerLineHandlers;
  readonly #timer: NodeJS.Timeout;
  #dialled: { drop(): void } | undefined;

  /** @param nowNs any clock that goes on evenly */
  constructor(where: OwnerAddress, nowNs: () => number, handlers: OwnerLineHandlers) {
    this.#where = where;
    this.#handlers = handlers;
    // Whoever does not know us any more says so.
    this.conversation = new Conversation<FromHost, ToHost>(nowNs, { ...handlers, onStranger: () => undefined });
    this.#timer = setInterval(() => this.#look(), SAY_MS);
    this.#dial();
  }

  stop(): void {
    clearInterval(this.#timer);
    this.conversation.end();
    this.#dialled?.drop();
  }

  #look(): void {
    this.conversation.look();
    if (this.#dialled === undefined) this.#dial();
  }

  #dial(): void {
    const dialled = dialOwner(this.#where, this.#host, {
      onLink: (link) => this.conversation.attach(link),
      onEnd: (how, words) => {
        if (this.#dialled !== dialled) return;
        this.#dialled = undefined;
        if (how !== "over") this.#handlers.onFailed(how, words);
      },
    });
    this.#dialled = dialled;
  }
}
