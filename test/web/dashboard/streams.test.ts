/** Streams to pages that do not take what they are sent. */
import { PassThrough } from "node:stream";
import { describe, expect, it } from "vitest";
import { applyDelta, shownOf } from "../../../web/dashboard/index.ts";
import { Streams } from "../../../web/dashboard/server/streams.ts";
import type { DashboardDelta, DashboardSnapshot } from "../../../web/dashboard/types.ts";
import { liveOf, patient } from "./fixture.ts";

/** A page's end: as much of it as a stream uses. */
class Page extends PassThrough {
  constructor() {
    super({ highWaterMark: 1000 });
  }

  writeHead(): this {
    return this;
  }

  /** What it was sent since it was last asked. */
  taken(): string {
    return ((this.read() as Buffer | null) ?? "").toString();
  }
}

const dataIn = (text: string): (DashboardDelta | DashboardSnapshot)[] =>
  [...text.matchAll(/^data: (.+)$/gm)].map(([, data]) => JSON.parse(data) as DashboardDelta);

describe("a stream", () => {
  it("keeps nothing for a page that takes nothing, however much changes, and tells it later of all in one", () => {
    let nowMs = 0;
    const streams = new Streams("e", () => nowMs);
    const live = liveOf(patient);
    const [slow, quick] = [new Page(), new Page()];
    streams.open(slow, live, "");
    streams.open(quick, live, "");
    const [begin] = dataIn(quick.taken()) as DashboardSnapshot[];
    const quickShown = shownOf(begin);
    const firstBytes = slow.writableLength + slow.readableLength;
    for (let count = 1; count <= 500; count++) {
      nowMs += 100;
      const event = { type: "state", state: count % 2 === 0 ? "downloading" : "idle", cause: `${count}` } as const;
      live.model.record({ timeNs: count * 1e8, from: "ont", ont: count % 32, event });
      streams.tell();
      for (const delta of dataIn(quick.taken())) applyDelta(quickShown, delta);
    }
    expect(slow.writableLength + slow.readableLength).toBe(firstBytes);
    const slowShown = shownOf(dataIn(slow.taken())[0] as DashboardSnapshot);
    streams.tell();
    const rest = dataIn(slow.taken());
    expect(rest).toHaveLength(1);
    applyDelta(slowShown, rest[0]);
    expect(slowShown).toEqual(quickShown);
    expect(quickShown.causes.get(500 % 32)).toBe("500");
    streams.end();
  });

  it("writes what changed once for all pages that know the same", () => {
    const streams = new Streams("e", () => 0);
    const live = liveOf(patient);
    const pages = Array.from({ length: 10 }, () => new Page());
    for (const page of pages) streams.open(page, live, "");
    for (const page of pages) page.taken();
    let made = 0;
    const { model } = live;
    const delta = model.delta.bind(model);
    model.delta = (since) => {
      made++;
      return delta(since);
    };
    model.record({ timeNs: 1, from: "ont", ont: 3, event: { type: "online", activeSlot: 0 } });
    streams.tell();
    expect(made).toBe(1);
    expect(new Set(pages.map((page) => page.taken())).size).toBe(1);
    streams.end();
  });
});
