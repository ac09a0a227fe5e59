/** What goes between OLT and ONTs, each message once: states name them by number. */
import { decodeMessage } from "../../omci/index.ts";
import type { Channel } from "../../pon/types.ts";
import { factsOf } from "../../decode/index.ts";

type Message =
  | { kind: "frame"; channel: Channel; pdu: Uint8Array }
  /** Up: the ONT has booted and sends light; down: it was ranged. Up: its light is gone. */
  | { kind: "light" | "ranged" | "dark" };

export const LIGHT = 0;
export const RANGED = 1;
export const DARK = 2;

export class Messages {
  readonly #all: Message[] = [{ kind: "light" }, { kind: "ranged" }, { kind: "dark" }];
  readonly #numbers = new Map<string, number>();

  /** @param pdu is copied */
  frame(channel: Channel, pdu: Uint8Array): number {
    const key = channel + Buffer.from(pdu.buffer, pdu.byteOffset, pdu.length).toString("latin1");
    let number = this.#numbers.get(key);
    if (number === undefined) {
      number = this.#all.push({ kind: "frame", channel, pdu: pdu.slice() }) - 1;
      this.#numbers.set(key, number);
    }
    return number;
  }

  get(number: number): Message {
    return this.#all[number];
  }

  /** Only frames are lost, come twice, or late: ranging is not OMCI's. */
  isFrame(number: number): boolean {
    return number > DARK;
  }

  textOf(number: number): string {
    const message = this.get(number);
    if (message.kind !== "frame") return message.kind;
    const decoded = decodeMessage(message.pdu);
    if (!decoded.ok) return decoded.cause;
    const { type, tci } = decoded.message;
    const facts = factsOf(decoded.message);
    const to = message.channel === "broadcast" ? " to all" : "";
    return `${type}${to}, TCI ${tci}${facts === "" ? "" : `: ${facts}`}`;
  }
}
