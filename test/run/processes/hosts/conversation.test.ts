/** Messages over connections that come and go: each arrives once, and in order. */
import { describe, expect, it } from "vitest";
import { createStream } from "../../../../pon/index.ts";
import { Conversation, HOST_LOST_NS, type TextLink } from "../../../../run/processes/hosts/conversation.ts";
import { ofText, toText } from "../../../../run/processes/hosts/wire.ts";

/** One end of a connection: what is said waits until the network lets it through. */
class End implements TextLink {
  onText: (text: string) => void = () => undefined;
  onEnd: () => void = () => undefined;
  other: End | undefined;
  readonly underway: string[] = [];
  isOver = false;

  say(text: string): void {
    if (!this.isOver) this.underway.push(text);
  }

  end(): void {
    this.drop();
  }

  drop(): void {
    if (this.isOver) return;
    this.isOver = true;
    this.underway.length = 0;
    this.onEnd();
    this.other?.drop();
  }
}

function world() {
  const clock = { nowNs: 0 };
  const talker = (name: string) => {
    const heard: unknown[] = [];
    const states: string[] = [];
    const handlers = {
      onMessage: (message: unknown) => void heard.push(message),
      onState: (state: string) => void states.push(state),
      onStranger: () => {
        states.push("stranger");
        return "go away";
      },
    };
    return { name, heard, states, conversation: new Conversation<unknown, unknown>(() => clock.nowNs, handlers) };
  };
  const [owner, host] = [talker("owner"), talker("host")];
  let ends: [End, End] | undefined;
  const connect = (): void => {
    ends = [new End(), new End()];
    [ends[0].other, ends[1].other] = [ends[1], ends[0]];
    owner.conversation.attach(ends[0]);
    host.conversation.attach(ends[1]);
  };
  /** So many lines get through each way; all where there is no number. */
  const pass = (lines = Infinity): void => {
    for (let left = lines; left > 0 && ends?.some(({ underway }) => underway.length > 0); left--)
      for (const end of ends) {
        const text = end.underway.shift();
        if (text !== undefined) end.other?.onText(text);
      }
  };
  return { clock, owner, host, connect, pass, cut: (): void => ends?.[0].drop() };
}

describe("a conversation", () => {
  it("brings each message once and in order, wherever the line is cut", () => {
    for (let seed = 1; seed <= 200; seed++) {
      const stream = createStream(seed, "conversation");
      const { owner, host, connect, pass, cut } = world();
      const said: { toHost: number[]; toOwner: number[] } = { toHost: [], toOwner: [] };
      for (let step = 0; step < 60; step++) {
        const what = stream.nextBelow(6);
        if (what < 2) owner.conversation.send(said.toHost[said.toHost.push(step) - 1]);
        else if (what < 4) host.conversation.send(said.toOwner[said.toOwner.push(step) - 1]);
        else if (what === 4) connect();
        else cut();
        pass(stream.nextBelow(4));
      }
      connect();
      pass();
      expect(host.heard).toEqual(said.toHost);
      expect(owner.heard).toEqual(said.toOwner);
      expect([owner, host].map(({ conversation }) => conversation.isAllHeard)).toEqual([true, true]);
    }
  });

  it("says that the other end is lost, once, and when it is there again; what is told meanwhile is not kept", () => {
    const { clock, owner, host, connect, pass, cut } = world();
    connect();
    pass();
    cut();
    clock.nowNs = HOST_LOST_NS + 1;
    owner.conversation.look();
    owner.conversation.look();
    expect(owner.states).toEqual(["lost"]);
    owner.conversation.tell("now");
    owner.conversation.send("whenever");
    connect();
    pass();
    expect(owner.states).toEqual(["lost", "found"]);
    expect(host.heard).toEqual(["whenever"]);
  });

  it("notices that it is not the one which was begun: the other end has heard what was never said", () => {
    const { owner, host, connect, pass } = world();
    owner.conversation.send("before");
    connect();
    pass();
    const fresh = world();
    const [a, b] = [new End(), new End()];
    [a.other, b.other] = [b, a];
    fresh.owner.conversation.attach(a);
    host.conversation.attach(b);
    a.end = () => undefined;
    for (const text of b.underway.splice(0)) a.onText(text);
    for (const text of a.underway.splice(0)) b.onText(text);
    expect(fresh.owner.states).toEqual(["stranger"]);
    expect(host.heard).toEqual(["before", "go away"]);
    expect(fresh.owner.conversation.isAttached).toBe(false);
  });

  it("ends a connection that speaks anything else", () => {
    for (const text of ["", "1 2", "GET / HTTP/1.1", "1 0 {", "-1 0 1"]) {
      const { owner } = world();
      const end = new End();
      owner.conversation.attach(end);
      end.onText(text);
      expect([text, end.isOver, owner.heard]).toEqual([text, true, []]);
    }
  });
});

describe("data as text", () => {
  it("has bytes and numbers that JSON has not, and is ASCII in one line", () => {
    const value = {
      bytes: Uint8Array.of(0, 255, 10),
      buffer: new Uint8Array(Buffer.from("ü")),
      rates: [Infinity, -Infinity, 1.5],
      text: "Größe\n\u2028 €",
      nested: { none: null, list: [{ empty: new Uint8Array() }] },
    };
    const text = toText(value);
    expect(text).toMatch(/^[ -~]+$/);
    expect(ofText(text)).toEqual(value);
  });
});
