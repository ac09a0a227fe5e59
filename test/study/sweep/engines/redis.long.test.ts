/** 500 runs by two workers over Redis, of which one, and then Redis itself, is killed in the middle; stopped on either side; over TLS. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readRuns, type RunRecord } from "../../../../study/sweep/index.ts";
import { commandHere } from "../../../support/command.ts";
import { contentsOf, copyOfCommand, fresh, sweepFile, tinySweep } from "../hands.ts";
import { startSweep, until } from "./processes.ts";
import { hasRedis, TestRedis } from "./redis.ts";

describe.skipIf(!hasRedis)("500 runs over Redis", () => {
  const command = copyOfCommand();
  const file = sweepFile(tinySweep.replace("seeds: 3", "seeds: 125"));
  let redis: TestRedis;
  beforeAll(async () => void (redis = await TestRedis.start()));
  afterAll(() => redis.end());

  it("a worker and then Redis killed in the middle: to the byte as on one machine, nothing twice", async () => {
    const [whole, out] = [fresh(), fresh()];
    const done = (): number => readRuns(out).length;
    const sweep = startSweep(command, [file, "--out", out, "--engine", redis.address]);
    await until(() => sweep.said().includes("0 of 500 runs"));
    const work = ["work", out, "--engine", redis.address, "--jobs", "4", "--quiet"];
    const [doomed, other] = [startSweep(command, work), startSweep(command, work)];
    await until(() => done() > 100);
    doomed.child.kill("SIGKILL");
    await until(() => done() > 200);
    await redis.kill();
    await new Promise((waited) => setTimeout(waited, 2000));
    expect(done()).toBeLessThan(500);
    await redis.start();
    const [ended, last] = await Promise.all([sweep.ended, other.ended]);
    expect({ code: ended.code, worker: last.code }).toEqual({ code: 0, worker: 0 });
    await startSweep(command, [file, "--out", whole, "--jobs", "2", "--quiet"]).ended;
    expect(contentsOf(out)).toEqual(contentsOf(whole));
    const lines = readFileSync(join(out, "runs.jsonl"), "utf8").trimEnd().split("\n");
    expect(lines.map((line) => (JSON.parse(line) as RunRecord).index)).toEqual(lines.map((_line, index) => index));
    expect(lines).toHaveLength(500);
    expect(readdirSync(out)).not.toContain("work");
    expect(ended.stderr).toContain("is away");
  });

  it("the command killed: workers go on, and the same command takes up what they have done", async () => {
    const [whole, out] = [fresh(), fresh()];
    const small = sweepFile(tinySweep.replace("seeds: 3", "seeds: 20"));
    const words = [small, "--out", out, "--engine", redis.address];
    const sweep = startSweep(command, words);
    const joined = startSweep(command, ["work", small, "--out", fresh(), "--engine", redis.address, "--jobs", "1"]);
    await until(() => sweep.said().includes("0 of 80 runs"));
    const worker = startSweep(command, ["work", out, "--engine", redis.address, "--jobs", "1", "--quiet"]);
    await until(() => readRuns(out).length > 4);
    sweep.child.kill("SIGKILL");
    await sweep.ended;
    // What went to a worker with a folder of its own is not here: it is queued again.
    expect((await joined.ended).code).toBe(0);
    expect((await worker.ended).code).toBe(0);
    const again = startSweep(command, words);
    await until(() => again.said().includes("of 80 runs"));
    const last = startSweep(command, ["work", out, "--engine", redis.address, "--quiet"]);
    expect((await again.ended).code).toBe(0);
    await last.ended;
    await startSweep(command, [small, "--out", whole, "--quiet"]).ended;
    expect(contentsOf(out)).toEqual(contentsOf(whole));
  });

  it("ends with the cause of a run that cannot be done, as on one machine", async () => {
    const image = sweepFile("not an image");
    const wrong = sweepFile(`name: w\nscenario: { onts: 1, image: { file: ${image}, keyFile: ${image} } }\nseeds: 2\n`);
    const [out, here] = [fresh(), fresh()];
    const sweep = startSweep(command, [wrong, "--out", out, "--engine", redis.address, "--quiet"]);
    await until(() => existsSync(join(out, "work/plan.json")));
    const worker = startSweep(command, ["work", out, "--engine", redis.address, "--quiet", "--jobs", "1"]);
    const [ended, alone] = [await sweep.ended, await startSweep(command, [wrong, "--out", here, "--quiet"]).ended];
    expect(alone.stderr).toMatch(/^sweep: combination \{\}, seed \d: /);
    // Which of the two is told of first is a matter of time.
    const causeOf = (said: string): string | undefined =>
      said
        .trim()
        .split("\n")
        .at(-1)
        ?.replace(/seed \d/, "seed n");
    expect(causeOf(ended.stderr)).toBe(causeOf(alone.stderr));
    expect([ended.code, alone.code, (await worker.ended).code]).toEqual([2, 2, 0]);
  });

  it("is stopped by Ctrl-C on either side, forgets, and goes on", async () => {
    const [out, whole] = [fresh(), fresh()];
    const small = sweepFile(tinySweep.replace("seeds: 3", "seeds: 20"));
    const words = [small, "--out", out, "--engine", redis.address];
    const work = ["work", out, "--engine", redis.address, "--jobs", "1"];
    const someMore = (): Promise<void> => {
      const before = readRuns(out).length;
      return until(() => readRuns(out).length > before + 2);
    };
    // The worker leaves: what it has begun is done.
    let sweep = startSweep(command, words);
    await until(() => existsSync(join(out, "work/plan.json")));
    let worker = startSweep(command, work);
    await someMore();
    worker.child.kill("SIGTERM");
    const left = await worker.ended;
    expect(left.code).toBe(130);
    expect(left.stderr).toMatch(/leaving when the runs that have begun are done[^]*\d+ runs? done, left\n$/);
    // The command is stopped: its workers leave, too.
    worker = startSweep(command, work);
    await someMore();
    sweep.child.kill("SIGINT");
    const stopped = await sweep.ended;
    expect(stopped.code).toBe(130);
    expect(stopped.stderr).toMatch(/interrupted: the same command goes on where this ended\n$/);
    expect((await worker.ended).code).toBe(0);
    // Redis forgets.
    sweep = startSweep(command, words);
    await until(() => sweep.said().includes("of 80 runs"));
    worker = startSweep(command, work);
    await someMore();
    await redis.forget();
    const forgotten = await sweep.ended;
    expect(forgotten.code).toBe(1);
    expect(forgotten.stderr).toMatch(/redis:\/\/127\.0\.0\.1:\d+: has forgotten the runs, .*\n$/);
    expect((await worker.ended).code).toBe(0);
    sweep = startSweep(command, words);
    await until(() => sweep.said().includes("of 80 runs"));
    worker = startSweep(command, work);
    expect([(await sweep.ended).code, (await worker.ended).code]).toEqual([0, 0]);
    await startSweep(command, [small, "--out", whole, "--quiet"]).ended;
    expect(contentsOf(out)).toEqual(contentsOf(whole));
  });
});

describe.skipIf(!hasRedis)("a Redis with TLS", () => {
  const command = copyOfCommand();

  it("is believed when an authority that is named says who it is, and not otherwise", async () => {
    const pki = fresh();
    await commandHere(["pki", "init", "--out", pki]);
    await commandHere(["pki", "issue", "redis.test", "--pki", pki, "--ip", "127.0.0.1"]);
    const tls = ["--tls-cert-file", "redis.test.cert.pem", "--tls-key-file", "redis.test.key.pem"];
    const paths = tls.map((word) => (word.endsWith(".pem") ? join(pki, word) : word));
    const redis = await TestRedis.start([...paths, "--tls-auth-clients", "no"]);
    try {
      const [out, file] = [fresh(), sweepFile(tinySweep)];
      const stranger = await commandHere(["sweep", file, "--out", out, "--engine", redis.address]);
      expect(stranger).toMatchObject({ code: 2, out: "" });
      expect(stranger.err).toMatch(
        /^rediss:\/\/127\.0\.0\.1:\d+: TLS: .*; an authority of your own is named by NODE_EXTRA_CA_CERTS\n$/,
      );
      const env = { NODE_EXTRA_CA_CERTS: join(pki, "root.cert.pem") };
      const sweep = startSweep(command, [file, "--out", out, "--engine", redis.address], env);
      await until(() => sweep.said().includes("0 of 12 runs"));
      const worker = startSweep(command, ["work", out, "--engine", redis.address, "--quiet"], env);
      expect([(await sweep.ended).code, (await worker.ended).code]).toEqual([0, 0]);
    } finally {
      await redis.end();
    }
  });
});
