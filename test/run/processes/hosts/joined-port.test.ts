/** A port that another host brings: who is told a command, and when. */
import { describe, expect, it } from "vitest";
import type { OltCommand } from "../../../../olt/core/types.ts";
import { type HostConversation, JoinedPort } from "../../../../run/processes/hosts/joined-port.ts";
import type { RunState } from "../../../../run/processes/run-state.ts";

function world() {
  const said: unknown[] = [];
  const notes: string[] = [];
  const state = {
    note: (_event: unknown, line: string) => void notes.push(line),
    serialOf: (pon: number, onuId: number) => `PON${pon}ONU${onuId}`,
  } as unknown as RunState;
  const host = { isLost: false, heardNs: 0, send: (message: unknown) => void said.push(message) };
  const port = new JoinedPort(3, state, () => undefined);
  const join = (): void => port.take(host as unknown as HostConversation, "10.0.0.9");
  return { port, host, said, notes, join };
}
const pause: OltCommand = { kind: "pause" };

describe("a command for a port of another host", () => {
  it("waits for the host that comes", async () => {
    const { port, said, notes, join } = world();
    expect(await port.command(pause)).toEqual({ accepted: true });
    expect(await port.command({ kind: "release" })).toMatchObject({ accepted: false });
    join();
    expect(said).toMatchObject([{ type: "command", request: 0, command: pause }]);
    expect(notes).toEqual(["host 10.0.0.9 brings port 3"]);
  });

  it("is answered by the host, who knows the ONT by its serial number", async () => {
    const { port, said, join } = world();
    join();
    const asked = port.command({ kind: "skip", onuId: 5 });
    expect(said).toEqual([{ type: "command", request: 1, command: { kind: "skip", serial: "PON3ONU5" } }]);
    port.handle({ type: "commandDone", request: 1, outcome: { accepted: false, reason: "it is done" } });
    expect(await asked).toEqual({ accepted: false, reason: "it is done" });
  });

  it("is not waited for where the host is lost; it is told once it is back", async () => {
    const { port, host, said, notes, join } = world();
    join();
    const asked = port.command(pause);
    host.isLost = true;
    port.handleState("lost");
    expect(await asked).toMatchObject({ accepted: false });
    expect(await port.command({ kind: "resume" })).toEqual({ accepted: true });
    expect(said.at(-1)).toEqual({ type: "command", request: 0, command: { kind: "resume" } });
    expect(notes.at(-1)).toBe("the host of port 3 does not answer: it goes on by itself");
    expect(port.absence(5e9)).toBe("port 3: its host was heard last 5 s ago");
  });
});
