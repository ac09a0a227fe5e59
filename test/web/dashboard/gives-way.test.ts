/** A run in virtual time stands still for a moment for whoever opens its page. */
import { afterEach, expect, it } from "vitest";
import { type DashboardServer, serveDashboard } from "../../../web/dashboard/index.ts";
import { type Answered, askAt } from "./ask.ts";
import { liveOf, patient } from "./fixture.ts";

let server: DashboardServer;

afterEach(() => server.close());

it("gives way to whoever opens its page, and to nobody without the token", async () => {
  server = await serveDashboard({ host: "127.0.0.1", port: 0 });
  const live = liveOf(patient);
  server.attach(live);
  const { pathname, search } = new URL(server.url);
  const cookie = { cookie: `poncast-${server.address.split(":")[1]}=${server.token}` };
  const get = (path: string, headers: Record<string, string> = {}): Promise<Answered> =>
    askAt(server.address, "GET", path, headers, "");
  let asked = 0;
  const pace = { speed: 1, isStopped: false, setSpeed: () => {}, stop: () => {}, step: () => {} };
  live.steer({
    command: () => Promise.resolve({ accepted: true }),
    view: () => ({ phase: "running", elapsedMs: 5, olt: undefined }),
    pace: { ...pace, giveWay: () => void asked++ },
  });
  await get("/");
  await get("/?token=guessed");
  await get("/status", cookie);
  expect(asked).toBe(0);
  await get(pathname + search);
  expect((await get("/", cookie)).status).toBe(200);
  expect(asked).toBe(2);
});
