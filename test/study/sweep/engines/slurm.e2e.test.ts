/** Sweeps as arrays of a real Slurm: submitted, followed, put together; and what is refused without one. */
import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { arrayScript } from "../../../../study/sweep/engines/slurm/script.ts";
import { commandHere } from "../../../support/command.ts";
import { contentsOf, copyOfCommand, fresh, onOneMachine, sweepFile, tinySweep } from "../hands.ts";
import { startSweep } from "./processes.ts";
import { hasSlurm, TestSlurm } from "./slurm.ts";

describe.skipIf(!hasSlurm)("a sweep as an array of Slurm", () => {
  const command = copyOfCommand();
  let slurm: TestSlurm;
  beforeAll(async () => void (slurm = await TestSlurm.start()));
  afterAll(() => slurm.end());

  it("is submitted, followed and put together: as on one machine", async () => {
    const [out, file] = [fresh(), sweepFile(tinySweep)];
    const words = [file, "--out", out, "--engine", "slurm", "--tasks", "2"];
    const { code, stderr } = await startSweep(command, words, slurm.env).ended;
    expect({ code, stderr }).toMatchObject({ code: 0 });
    expect(stderr).toMatch(/12 of 12 runs\n$/);
    expect(contentsOf(out)).toEqual(contentsOf(await onOneMachine(file, out)));
    expect(readdirSync(out)).not.toContain("work");
  });

  it("says what its tasks say where they fail, and goes on with the same command", async () => {
    const [out, image] = [fresh(), sweepFile("not an image")];
    const text = `name: b\nscenario: { onts: 1, image: { file: ${image}, keyFile: ${image} } }\nseeds: 2\n`;
    const words = [sweepFile(text), "--out", out, "--engine", "slurm"];
    const failed = await startSweep(command, words, slurm.env).ended;
    expect(failed.code).toBe(1);
    expect(failed.stderr).toMatch(/slurm: task 1: sweep: combination \{\}, seed \d: .*\n$/);
  });
});

describe("Slurm", () => {
  afterEach(() => vi.unstubAllEnvs());

  it("is missed in one line where it is not, or does not answer, and nothing has begun", async () => {
    const [out, folder] = [fresh(), fresh()];
    mkdirSync(folder);
    const words = ["sweep", sweepFile(tinySweep), "--out", out, "--engine", "slurm"];
    vi.stubEnv("PATH", folder);
    expect(await commandHere(words)).toEqual({ code: 2, out: "", err: "--engine slurm: no squeue on this machine\n" });
    const squeue = join(folder, "squeue");
    writeFileSync(squeue, "#!/bin/sh\necho 'slurm_load_jobs error: Unable to contact slurm controller' >&2\nexit 1\n");
    chmodSync(squeue, 0o755);
    vi.stubEnv("PATH", [folder, "/bin", "/usr/bin"].join(delimiter));
    expect(await commandHere(words)).toEqual({
      code: 2,
      out: "",
      err: "slurm: slurm_load_jobs error: Unable to contact slurm controller\n",
    });
    expect(() => readFileSync(join(out, "sweep.json"))).toThrow("ENOENT");
  });

  it("calls the worker with paths as they are", () => {
    const place = { node: "/opt/a b/node", command: "/x/cli.js", sweepFolder: "/it's $HOME", idsFile: "/t", jobs: 3 };
    expect(arrayScript(place)).toContain(
      String.raw`exec '/opt/a b/node' '/x/cli.js' 'sweep' 'work' '/it'\''s $HOME' '--ids' '/t' '--jobs' '3' '--quiet'`,
    );
  });
});
