/** A host's way to the owner of a run: one attempt, with the key shown both ways. */
import { randomBytes } from "node:crypto";
import { connect } from "node:net";
import { systemWords } from "../../base/errors/index.ts";
import { answerToJoin, CHALLENGE_BYTES, LineCutter, LINK_LINE_BYTES_MAX, linkKey, readChallenge } from "./lines.ts";
import { HostLink } from "./link.ts";
import { SealedLines } from "./sealed.ts";

/** An owner that says nothing for so long is not there; a network that was cut answers nothing at all. */
const ANSWER_MS = 3_000;

export interface OwnerAddress {
  address: string;
  port: number;
  key: Uint8Array;
}

export interface DialHandlers {
  /** It may be talked to; whether it has the key, its first line shows. */
  onLink: (link: HostLink) => void;
  /**
   * `refused`: somebody is there who does not take the key, or does not have it.
   *
   * @param words what the system says
   */
  onEnd: (how: "unreachable" | "refused" | "over", words: string) => void;
}

/** @param host what this host calls itself */
export function dialOwner(
  { address, port, key }: OwnerAddress,
  host: string,
  handlers: DialHandlers,
): { drop(): void } {
  const nonce = randomBytes(CHALLENGE_BYTES).toString("hex");
  const socket = connect(port, address);
  const lines = new LineCutter();
  let link: HostLink | undefined;
  let isKnown = false;
  let words = "it ended the connection";
  const take = (line: string): boolean => {
    if (link !== undefined) {
      const isTaken = link.take(line);
      if (isTaken && !isKnown) socket.setTimeout(0);
      isKnown ||= isTaken;
      return isTaken;
    }
    const said = readChallenge(line);
    if (said === undefined) return false;
    lines.allow(LINK_LINE_BYTES_MAX);
    const { challenge } = said;
    const hello = { host, nonce, answer: answerToJoin(key, challenge, { host, nonce }) };
    socket.write(`${JSON.stringify(hello)}\n`);
    link = new HostLink(host, socket, new SealedLines(linkKey(key, challenge, nonce), "client"));
    handlers.onLink(link);
    return true;
  };
  socket.setNoDelay(true);
  socket.setEncoding("latin1");
  socket.setTimeout(ANSWER_MS, () => {
    words = "no answer";
    socket.destroy();
  });
  socket.on("error", (error) => (words = systemWords(error)));
  socket.on("close", () => handlers.onEnd(isKnown ? "over" : link === undefined ? "unreachable" : "refused", words));
  socket.on("data", (text: string) => {
    const whole = lines.take(text);
    if (whole === undefined || !whole.every(take)) socket.destroy();
  });
  return { drop: () => socket.destroy() };
}
