/** How UFTP is called and read out for the comparison with poncast. */
import { basename } from "node:path";
import { Bridge } from "./namespaces.ts";
import { later, RECEIVE_BUFFER_BYTES, type Sample, type Sending, type Tool, ToolError, ToolRun } from "./tool.ts";

const PUBLIC_GROUP = "239.255.66.66";
const PRIVATE_GROUP = "239.255.66.67";
const PORT = "10440";

const identifier = (index: number): string => `0x${(0x1001 + index).toString(16)}`;

/** UFTP: NAKs after each pass. Its clock runs from the announcement of the file to the last COMPLETE of a receiver. */
export function uftp(blockBytes: number): Tool {
  return {
    name: `uftp ${blockBytes}`,
    commands: ["uftp", "uftpd"],
    package: "uftp",
    send: (sending) => send(sending, blockBytes),
  };
}

function receiverWords(index: number, folder: string): string[] {
  const words = ["uftpd", "-d", "-q", "-D", folder, "-U", identifier(index), "-B", String(RECEIVE_BUFFER_BYTES)];
  return [...words, "-M", PUBLIC_GROUP, "-p", PORT, "-I", Bridge.receiverInterface];
}

function senderWords(blockBytes: number, { receivers, imagePath }: Sending): string[] {
  const hosts = Array.from({ length: receivers }, (_, index) => identifier(index)).join(",");
  // As fast as it goes; a first guess of 50 ms for the round trip: with half a second, its own, it waits for nothing, with 10 ms it loses receivers.
  const words = ["uftp", "-R", "-1", "-r", "0.05:0.02:5", "-b", String(blockBytes), "-B", String(RECEIVE_BUFFER_BYTES)];
  const groups = ["-M", PUBLIC_GROUP, "-P", PRIVATE_GROUP, "-p", PORT, "-I", Bridge.interface, "-t", "1"];
  return [...words, ...groups, "-H", hosts, imagePath];
}

async function send(sending: Sending, blockBytes: number): Promise<Sample> {
  const run = new ToolRun(sending);
  try {
    for (let index = 0; index < sending.receivers; index++)
      run.startReceiver(index, receiverWords(index, run.folder(index)));
    await run.joined(PUBLIC_GROUP);
    let startedMs = -1;
    const { promise, resolve, reject } = later<number>();
    const sender = run.startSender(senderWords(blockBytes, sending), (line) => {
      if (startedMs < 0 && line.includes("Sending FILEINFO")) startedMs = performance.now();
      if (line.includes("Transfer status:")) resolve(performance.now());
    });
    sender.child.once("exit", (code) => reject(new ToolError(`uftp ended with ${code}`)));
    const seconds = ((await run.within(promise, "uftp")) - startedMs) / 1000;
    const usage = await run.usage(sender);
    await run.close();
    return { windowsSeconds: null, seconds, ...usage, failed: run.countFailed(basename(sending.imagePath)) };
  } finally {
    await run.close();
  }
}
