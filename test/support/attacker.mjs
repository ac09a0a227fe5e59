// A third process on the segment: sends datagrams it was given, what it hears on the group, and noise, to the group and to ports, at a
// rate. Told by its parent over the IPC channel; ends with it.
import { createSocket } from "node:dgram";
import { randomBytes, randomInt } from "node:crypto";

const TURN_MS = 10;
const HEARD_MAX = 64;

let targets;
let arsenal = [];
const heard = [];
const sent = { datagrams: 0, failed: 0 };
const socket = createSocket("udp4");
const ear = createSocket({ type: "udp4", reuseAddr: true });
ear.on("message", (bytes) => {
  // The newest of all kinds: it replays now what was said a moment ago.
  if (bytes.length <= 9000) heard[heard.length < HEARD_MAX ? heard.length : randomInt(HEARD_MAX)] = bytes;
});
for (const each of [socket, ear]) each.on("error", () => (sent.failed += 1));

function ammunition() {
  const kind = randomInt(8);
  if (kind === 0) return randomBytes(randomInt(1, 1400));
  if (kind === 1 && heard.length > 0) return heard[randomInt(heard.length)];
  if (kind === 2 && heard.length > 0) {
    const changed = Buffer.from(heard[randomInt(heard.length)]);
    changed[randomInt(changed.length)] ^= 1 << randomInt(8);
    return changed;
  }
  return arsenal[randomInt(arsenal.length)];
}

function shoot(ratePerSecond) {
  let owed = 0;
  let last = performance.now();
  setInterval(() => {
    const now = performance.now();
    owed = Math.min(owed + ((now - last) * ratePerSecond) / 1000, ratePerSecond / 10);
    last = now;
    for (; owed >= 1; owed -= 1) {
      const at = randomInt(3);
      const [port, address] =
        at === 0 || targets.onts.length === 0
          ? [targets.group.port, targets.group.address]
          : [at === 1 ? targets.olt : targets.onts[randomInt(targets.onts.length)], "127.0.0.1"];
      sent.datagrams += 1;
      socket.send(ammunition(), port, address, (error) => error && (sent.failed += 1));
    }
  }, TURN_MS);
}

process.on("message", (message) => {
  if (message.type === "targets") targets = message.targets;
  if (message.type === "arsenal") arsenal = message.arsenal.map((text) => Buffer.from(text, "base64"));
  if (message.type === "stop") process.send(sent, () => process.exit(0));
  if (message.type === "start")
    socket.bind(0, "127.0.0.1", () => {
      socket.setMulticastInterface("127.0.0.1");
      socket.setMulticastTTL(0);
      ear.bind(targets.group.port, targets.group.address, () => ear.addMembership(targets.group.address, "127.0.0.1"));
      shoot(message.ratePerSecond);
    });
});
process.on("disconnect", () => process.exit(0));
