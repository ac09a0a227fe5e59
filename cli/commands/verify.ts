/** `poncast verify`: says whether an ONT with these keys and this hardware would take a bundle. */
import type { Command } from "commander";
import { expiryOf, verifyBundle } from "../../image/index.ts";
import { parseNumber } from "../units.ts";
import { imageCrc32, readPublicKeys } from "./image-input.ts";
import { print, tell } from "../print.ts";

const MS_PER_SECOND = 1000;

interface VerifyFlags {
  key: string[];
  productCode?: string;
  hardware?: string;
  runningVersion?: string;
  securityVersion?: string;
  json?: boolean;
}

export function verifyCommand(program: Command): void {
  program
    .command("verify")
    .description("check a bundle as an ONT does; exits 1 with the reason when it is not valid")
    .argument("<bundle>", "bundle file")
    .requiredOption("-k, --key <file...>", "trusted public keys (PEM); one of them has to have signed")
    .option("--product-code <text>", "also: is it for this product code")
    .option("--hardware <version>", "also: does it run on this hardware version")
    .option("--running-version <text>", "also: may it replace this version")
    .option("--security-version <n>", "also: may an ONT take it that has committed to this security version")
    .option("--json", "print the verdict as JSON")
    .action((file: string, flags: VerifyFlags) => verify(file, flags));
}

function verify(file: string, flags: VerifyFlags): void {
  const { securityVersion: lowest } = flags;
  const verdict = verifyBundle(file, {
    trustedKeys: readPublicKeys(flags.key),
    accepts: "either",
    productCode: flags.productCode,
    hardwareVersion: flags.hardware,
    runningVersion: flags.runningVersion,
    ...(lowest !== undefined && { securityVersion: parseNumber("--security-version", lowest) }),
    crc32: imageCrc32,
    md5: flags.json === true,
  });
  if (!verdict.valid) process.exitCode = 1;
  if (flags.json === true) {
    print(`${JSON.stringify({ file, ...verdict })}\n`);
    return;
  }
  if (!verdict.valid) {
    print(`${file}: not valid: ${verdict.cause}: ${verdict.detail}\n`);
    return;
  }
  for (const { hardware, image } of verdict.slices ?? [{ hardware: [], image: verdict.image }]) {
    const { version, imageBytes, sha256, crc32, delta } = image;
    const crc = `0x${crc32.toString(16).padStart(8, "0")}`;
    const what = `${delta === undefined ? "" : ` delta from ${delta.baseVersion},`}${hardware.length === 0 ? "" : ` for ${hardware.join(", ")},`}`;
    print(`${file}: valid,${what} version ${version}, ${imageBytes} bytes, CRC-32 ${crc}, SHA-256 ${sha256}\n`);
  }
  // An ONT has no clock to be trusted: for it the image is valid all the same.
  const { text } = expiryOf(verdict.manifest, Date.now() / MS_PER_SECOND);
  if (text !== "") tell(`${file}: ${text}\n`);
}
