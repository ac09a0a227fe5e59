/**
 * A network of our own, for tools that cannot share a host: the bench runs again inside new namespaces (user, network, process,
 * mount), which the kernel takes down, with all that runs in them, when the bench ends however it ends. Nothing there has a way
 * to a real interface.
 */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";

const FLAGS = ["--user", "--map-root-user", "--net", "--pid", "--fork", "--kill-child", "--mount-proc"];
/** Room for a block of 8,800 bytes with its headers, as on a network with jumbo frames. */
const MTU_BYTES = 9_000;
const PROBE_LIMIT_MS = 10_000;
const BRIDGE = "br0";
/** Environment variable that tells the bench it is inside. */
const INSIDE = "PONCAST_BENCH_INSIDE";

/** @returns empty, or why there can be no namespaces here, in a line. */
export function whyNoNamespaces(): string {
  const command = `ip link add ${BRIDGE} type bridge && ip link add v0 type veth peer name v1`;
  const probe = spawnSync("unshare", [...FLAGS, "sh", "-c", command], { encoding: "utf8", timeout: PROBE_LIMIT_MS });
  if (probe.error) return `unshare: ${probe.error.message}`;
  return probe.status === 0 ? "" : (probe.stderr.trim().split("\n").at(-1) ?? "unshare failed");
}

export const insideNamespaces = (): boolean => process.env[INSIDE] === "1";

/** Runs this program once more, inside, with words added; ends it on Ctrl-C. @returns its exit code. */
export async function runInside(added: readonly string[]): Promise<number> {
  const words = [...FLAGS, process.execPath, ...process.execArgv, ...process.argv.slice(1), ...added];
  const child = spawn("unshare", words, {
    stdio: ["ignore", "inherit", "inherit", "ipc"],
    env: { ...process.env, [INSIDE]: "1" },
  });
  let interrupted = false;
  // At first it is asked, so that it can say what it has; then it is ended.
  process.once("SIGINT", () => {
    if (child.connected) child.send("interrupt", () => undefined);
    process.once("SIGINT", end);
  });
  const end = (): void => {
    interrupted = true;
    child.kill("SIGKILL");
  };
  process.on("SIGTERM", end);
  const [code] = (await once(child, "exit")) as [number | null];
  return interrupted ? 130 : (code ?? 1);
}

/** For the program inside: it ends when the one that started it is gone. */
export function endWithParent(cleanUp: () => void): void {
  process.once("disconnect", () => {
    cleanUp();
    process.exit(1);
  });
  // Waiting for that keeps nothing alive.
  process.channel?.unref();
}

function run(command: string, words: readonly string[], input = ""): void {
  const { status, stderr, error } = spawnSync(command, words, { input, encoding: "utf8", timeout: PROBE_LIMIT_MS });
  if (status !== 0) throw new Error(`${command} ${words.join(" ")}: ${error?.message ?? stderr.trim()}`);
}

/** What holds a namespace open, and ends when we do: a `cat` of our pipe. */
async function holdNamespace(): Promise<ChildProcess> {
  const holder = spawn("unshare", ["--net", "cat"], { stdio: ["pipe", "pipe", "ignore"] });
  holder.stdin.write("\n");
  // It answers once it lives in its namespace.
  await once(holder.stdout, "data");
  return holder;
}

const octets = (index: number): string => `${1 + Math.floor(index / 250)}.${1 + (index % 250)}`;

/** A bridge in the namespace that we are in, and receivers' namespaces at its ports. */
export class Bridge {
  static readonly interface = BRIDGE;
  /** Interface of each receiver, in its own namespace. */
  static readonly receiverInterface = "eth0";
  readonly #holders: ChildProcess[] = [];
  #portsUp = 0;

  constructor() {
    const commands = [
      "link set lo up",
      // Without an IPv6 address nobody announces himself while we measure.
      `link add ${BRIDGE} mtu ${MTU_BYTES} type bridge mcast_snooping 0`,
      `link set ${BRIDGE} addrgenmode none`,
      `link set ${BRIDGE} up`,
      `addr add 10.66.0.1/16 dev ${BRIDGE}`,
      `route add 239.255.66.0/24 dev ${BRIDGE}`,
    ];
    run("ip", ["-batch", "-"], commands.join("\n"));
  }

  /** Leaves the bridge with so many ports: a port that nobody uses would still get every frame. */
  async setPorts(count: number): Promise<void> {
    while (this.#holders.length < count) await this.#addPort(this.#holders.length);
    const ports = Array.from({ length: this.#holders.length }, (_, index) => index);
    const commands = ports.map((index) => `link set v${index} ${index < count ? "up" : "down"}`);
    run("ip", ["-batch", "-"], commands.join("\n"));
    this.#portsUp = count;
  }

  get ports(): number {
    return this.#portsUp;
  }

  /** The words that run a command in the namespace at a port. */
  enter(port: number): string[] {
    return ["nsenter", "--target", String(this.#holders[port].pid), "--net"];
  }

  close(): void {
    for (const holder of this.#holders) holder.kill("SIGKILL");
  }

  async #addPort(index: number): Promise<void> {
    const holder = await holdNamespace();
    this.#holders.push(holder);
    const peer = `name ${Bridge.receiverInterface} mtu ${MTU_BYTES} netns ${holder.pid}`;
    const ours = [
      `link add v${index} mtu ${MTU_BYTES} type veth peer ${peer}`,
      `link set v${index} addrgenmode none master ${BRIDGE}`,
    ];
    run("ip", ["-batch", "-"], ours.join("\n"));
    const theirs = [
      "link set lo up",
      `link set ${Bridge.receiverInterface} addrgenmode none`,
      `addr add 10.66.${octets(index)}/16 dev ${Bridge.receiverInterface}`,
      `link set ${Bridge.receiverInterface} up`,
      `route add 239.255.66.0/24 dev ${Bridge.receiverInterface}`,
    ];
    const [command, ...words] = this.enter(index);
    run(command, [...words, "ip", "-batch", "-"], theirs.join("\n"));
  }
}
