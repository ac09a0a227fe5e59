import { join } from "node:path";
import { Bridge } from "./namespaces.ts";
import { later, RECEIVE_BUFFER_BYTES, type Sample, type Sending, type Tool, ToolError, ToolRun } from "./tool.ts";

const CONTROL_GROUP = "239.255.66.68";
const DATA_GROUP = "239.255.66.69";
const PORT = "10500";
/** A receiver that is done stays this long, so that its figures can be read. */
const EXIT_WAIT_MS = 20_000;
const FILE = "image";

/**
 * udpcast: every slice answered by every receiver, blocks of 1,456 bytes at most. Its clock runs from the start of the transfer,
 * when all receivers are known, to the last receiver that says it has all.
 */
export const udpcast: Tool = {
  name: "udpcast",
  commands: ["udp-sender", "udp-receiver"],
  package: "udpcast",
  send,
};

const common = (networkInterface: string): string[] => [
  "--interface",
  networkInterface,
  "--portbase",
  PORT,
  "--mcast-rdv-address",
  CONTROL_GROUP,
  "--nokbd",
  "--no-progress",
  "--ttl",
  "1",
];

function receiverWords(folder: string): string[] {
  const own = ["--file", join(folder, FILE), "--rcvbuf", String(RECEIVE_BUFFER_BYTES), "--nosync"];
  const limits = ["--start-timeout", "30", "--receive-timeout", "20", "--exit-wait", String(EXIT_WAIT_MS)];
  return ["udp-receiver", ...common(Bridge.receiverInterface), ...own, ...limits];
}

function senderWords({ receivers, imagePath }: Sending): string[] {
  const own = ["--file", imagePath, "--mcast-data-address", DATA_GROUP, "--full-duplex"];
  return [
    "udp-sender",
    ...common(Bridge.interface),
    ...own,
    "--min-receivers",
    String(receivers),
    "--start-timeout",
    "30",
  ];
}

async function send(sending: Sending): Promise<Sample> {
  const run = new ToolRun(sending);
  try {
    let startedMs = -1;
    let doneMs = -1;
    let receiversOpen = sending.receivers;
    const { promise, resolve, reject } = later<void>();
    const oneLess = (): void => {
      if (--receiversOpen === 0) resolve();
    };
    for (let index = 0; index < sending.receivers; index++) {
      let open = true;
      run.startReceiver(index, receiverWords(run.folder(index)), (line) => {
        if (!open || !line.includes("Transfer complete")) return;
        open = false;
        doneMs = performance.now();
        oneLess();
      });
      // One that the sender has dropped ends early; its file tells.
      run.receivers[index].child.once("exit", () => {
        if (open) oneLess();
        open = false;
      });
    }
    await run.joined(CONTROL_GROUP);
    const sender = run.startSender(senderWords(sending), (line) => {
      if (line.includes("Starting transfer")) startedMs = performance.now();
    });
    sender.child.once("exit", (code) => {
      if (code !== 0) reject(new ToolError(`udp-sender ended with ${code}`));
    });
    await run.within(promise, "udpcast");
    if (startedMs < 0 || doneMs < 0) throw new ToolError("udpcast transferred nothing");
    const usage = await run.usage(sender);
    await run.close();
    return { windowsSeconds: null, seconds: (doneMs - startedMs) / 1000, ...usage, failed: run.countFailed(FILE) };
  } finally {
    await run.close();
  }
}
