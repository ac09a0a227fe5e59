/** How udpcast is called and read out for the comparison with poncast. */
import { join } from "node:path";
import { Bridge } from "./namespaces.ts";
import { later, RECEIVE_BUFFER_BYTES, type Sample, type Sending, type Tool, ToolError, ToolRun } from "./tool.ts";

const CONTROL_GROUP = "239.255.66.68";
const DATA_GROUP = "239.255.66.69";
const PORT = "10500";
/** A receiver that is done stays this long, so that its figures can be read. */
const EXIT_WAIT_MS = 20_000;
/** The sender does not stay: its figures are read now and then. */
const USAGE_MS = 50;
const FILE = "image";

/**
 * udpcast: every slice answered by every receiver, blocks of 1,456 bytes at most. Its clock runs from the start of the transfer,
 * when all receivers are known, to the last receiver let go, which has said that it has all.
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
    for (let index = 0; index < sending.receivers; index++) run.startReceiver(index, receiverWords(run.folder(index)));
    await run.joined(CONTROL_GROUP);
    let startedMs = -1;
    let doneMs = -1;
    const { promise, resolve, reject } = later<void>();
    const sender = run.startSender(senderWords(sending), (line) => {
      if (line.includes("Starting transfer")) startedMs = performance.now();
      // Receivers say that they have all, and are let go one by one; it ends with the last.
      if (line.includes("Disconnecting")) doneMs = performance.now();
    });
    sender.child.once("exit", (code) => {
      if (code === 0) resolve();
      else reject(new ToolError(`udp-sender ended with ${code}`));
    });
    let usage = await run.usage(sender);
    const look = setInterval(() => void run.usage(sender).then((now) => (usage = now)), USAGE_MS);
    await run.within(promise, "udpcast").finally(() => clearInterval(look));
    if (startedMs < 0 || doneMs < 0) throw new ToolError("udpcast transferred nothing");
    // The sender is gone; of it the last look counts.
    usage = { ...(await run.usage(sender)), senderCpuSeconds: usage.senderCpuSeconds };
    await run.close();
    return { windowsSeconds: null, seconds: (doneMs - startedMs) / 1000, ...usage, failed: run.countFailed(FILE) };
  } finally {
    await run.close();
  }
}
