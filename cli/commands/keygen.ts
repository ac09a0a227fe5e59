/** `poncast keygen`: makes the key pair that bundles are signed with, and replaces none by accident. */
import type { Command } from "commander";
import { generateKeyPair } from "../../image/index.ts";
import { requireNew, writeOutput } from "../files.ts";
import { print } from "../print.ts";

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
      for (const file of Object.values(files)) requireNew(file, options.force);
      const { privatePem, publicPem } = generateKeyPair();
      writeOutput(files.privateFile, privatePem, { mode: PRIVATE_MODE });
      writeOutput(files.publicFile, publicPem, { mode: PUBLIC_MODE });
      print(`${files.privateFile}  private key, keep it secret\n${files.publicFile}  public key\n`);
    });
}
