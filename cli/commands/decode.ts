import type { Command } from "commander";
import { dissect } from "../../omci/index.ts";
import { UsageError } from "../errors.ts";

/** `poncast decode`: what a frame says. */
export function decodeCommand(program: Command): void {
  program
    .command("decode")
    .description("show what OMCI frames say: header, fields, trailer, and where they deviate from G.988")
    .argument("<hex...>", "frames as hexadecimal digits, one an argument; spaces, colons and 0x are fine")
    .action((frames: string[]) => {
      const texts = frames.map((frame) => dissect(bytesOf(frame)));
      process.stdout.write(`${texts.join("\n\n")}\n`);
    });
}

function bytesOf(text: string): Uint8Array {
  const digits = text.replaceAll(/0x|[\s:,-]/gi, "");
  if (digits === "" || digits.length % 2 !== 0 || !/^[0-9a-f]+$/i.test(digits)) {
    throw new UsageError(`${text.slice(0, 40)}: not a frame; an even number of hexadecimal digits is needed`);
  }
  return Uint8Array.from(Buffer.from(digits, "hex"));
}
