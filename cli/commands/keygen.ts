/** `poncast keygen`: makes the key pair that bundles are signed with, and replaces none by accident. */
import { existsSync, renameSync, rmSync, writeFileSync } from "node:fs";
import type { Command } from "commander";
import { generateKeyPair } from "../../image/index.ts";
import { UsageError } from "../errors.ts";

const PRIVATE_MODE = 0o600;
const PUBLIC_MODE = 0o644;

export function keygenCommand(program: Command): void {
  program
    .command("keygen")
    .description("make an Ed25519 key pair: <name>.key.pem signs bundles, <name>.pub.pem goes to the ONTs")
    .argument("<name>", "file name without its ending")
    .option("--force", "replace key files that are there; bundles signed with them stay signed with the lost key")
    .action((name: string, options: { force?: boolean }) => {
      const files = { privateFile: `${name}.key.pem`, publicFile: `${name}.pub.pem` };
      if (options.force !== true) refuseToReplace(Object.values(files));
      const { privatePem, publicPem } = generateKeyPair();
      writeWhole(files.privateFile, privatePem, PRIVATE_MODE);
      writeWhole(files.publicFile, publicPem, PUBLIC_MODE);
      process.stdout.write(`${files.privateFile}  private key, keep it secret\n${files.publicFile}  public key\n`);
    });
}

function refuseToReplace(files: readonly string[]): void {
  const there = files.find((file) => existsSync(file));
  if (there !== undefined) throw new UsageError(`${there} exists already; --force replaces it`);
}

/** The file appears with all its content and its mode, or not at all. */
function writeWhole(file: string, text: string, mode: number): void {
  const temporaryFile = `${file}.${process.pid}.tmp`;
  try {
    writeFileSync(temporaryFile, text, { mode, flag: "wx" });
    renameSync(temporaryFile, file);
  } catch (error) {
    rmSync(temporaryFile, { force: true });
    throw new UsageError(`${file}: cannot be written (${(error as NodeJS.ErrnoException).code ?? "error"})`);
  }
}
