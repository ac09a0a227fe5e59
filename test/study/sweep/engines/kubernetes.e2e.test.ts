/**
 * A sweep as an indexed job of Kubernetes, as far as without a cluster: the job against its schema, the steps of the image,
 * and each pod's command in what they leave, as a user to whom all but the sweep's folder is read-only.
 */
import { execFileSync } from "node:child_process";
import { chmodSync, chownSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { Validator } from "@cfworker/json-schema";
import { afterAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { jobManifest } from "../../../../study/sweep/engines/kubernetes/manifest.ts";
import { contentsOf, copyOfCommand, onOneMachine, sweepFile, tinySweep } from "../hands.ts";
import { JOB_SCHEMA } from "./job-schema.ts";
import { startSweep } from "./processes.ts";
import { removeFolder } from "../../../support/folder.ts";

const FOLDER = "study/sweep/engines/kubernetes";
const NOBODY = 65_532;
const root = mkdtempSync(join(tmpdir(), "poncast-image-"));
afterAll(() => removeFolder(root));

interface Job {
  metadata: { name: string };
  spec: { completions: number; template: { spec: { containers: { args: string[] }[] } } };
}

const faultsOf = (job: unknown): string[] =>
  new Validator(JOB_SCHEMA, "2020-12", false)
    .validate(job)
    .errors.map(({ instanceLocation, error }) => `${instanceLocation}: ${error}`);

const steps = readFileSync(join(FOLDER, "Dockerfile"), "utf8")
  .split("\n")
  .filter((line) => /^[A-Z]+ /.test(line));

/** The last stage's files, from `from` as the build has left it. */
function makeImage(from: string): string {
  const app = join(root, "app");
  const copied = steps.flatMap((step) => /^COPY --from=build \/src\/(\S+) \/app\/(\S+)$/.exec(step) ?? []);
  for (let at = 0; at < copied.length; at += 3) {
    mkdirSync(dirname(join(app, copied[at + 2])), { recursive: true });
    const source = copied[at + 1] === "dist" ? from : copied[at + 1];
    cpSync(source, join(app, copied[at + 2]), { recursive: true });
  }
  chmodSync(root, 0o755);
  return app;
}

describe("a sweep as an indexed job of Kubernetes", () => {
  it("is a file that a server takes", () => {
    const options = {
      name: "poncast-a-1",
      sweep: "Ä: #1",
      image: "r.example/p:1",
      claim: "c",
      completions: 7,
      jobs: 2,
    };
    const job = parse(jobManifest({ ...options, subPath: "a/b", idsFile: "work/x" })) as Job;
    expect(faultsOf(job)).toEqual([]);
    expect(job).toMatchObject({
      metadata: { annotations: { "poncast/sweep": "Ä: #1" } },
      spec: { completionMode: "Indexed", completions: 7, parallelism: 7, backoffLimitPerIndex: 3 },
    });
    // The schema would notice.
    expect(faultsOf({ ...job, spec: { ...job.spec, backofLimit: 3 } })).not.toEqual([]);
    expect(faultsOf({ ...job, metadata: { name: "No_Name" } })).not.toEqual([]);
  });

  it("is done by the image's command, for each index, and put in place by the same command", async () => {
    const command = copyOfCommand();
    const [out, file] = [join(root, "sweep"), sweepFile(tinySweep)];
    const words = [file, "--out", out, "--engine", "kubernetes", "--tasks", "2", "--claim", "shared/study", "--quiet"];
    const written = await startSweep(command, words).ended;
    const path = join(out, "work/kubernetes/1/job.yaml");
    expect(written.code).toBe(0);
    expect(written.stderr).toBe(
      `written: ${path}\nstart it with: kubectl apply -f ${path}\nthen the same command puts its results in place\n`,
    );
    const job = parse(readFileSync(path, "utf8")) as Job;
    expect(faultsOf(job)).toEqual([]);
    expect(job.spec.completions).toBe(2);

    const app = makeImage(dirname(command));
    expect(steps.at(-1)).toBe('ENTRYPOINT ["node", "/app/dist/cli.js"]');
    expect(steps).toContain(`USER ${NOBODY}:${NOBODY}`);
    const isRoot = process.getuid?.() === 0;
    if (isRoot) execFileSync("chown", ["-R", `${NOBODY}:${NOBODY}`, out]);
    const args = job.spec.template.spec.containers[0].args.map((word) => word.replace(/^\/sweep(?=\/|$)/, out));
    for (let index = 0; index < job.spec.completions; index++)
      execFileSync(process.execPath, [join(app, "dist/cli.js"), ...args], {
        cwd: out,
        env: { JOB_COMPLETION_INDEX: String(index), PATH: process.env.PATH, HOME: "/nonexistent" },
        ...(isRoot && { uid: NOBODY, gid: NOBODY }),
      });
    if (isRoot) chownSync(out, 0, 0);
    expect((await startSweep(command, words).ended).code).toBe(0);
    expect(contentsOf(out)).toEqual(contentsOf(await onOneMachine(file, out)));
    expect(existsSync(join(out, "work"))).toBe(false);
  });

  it("has an image that is built from what is there, without the repository's history", () => {
    const ignored = readFileSync(join(FOLDER, "Dockerfile.dockerignore"), "utf8").split("\n").filter(Boolean);
    expect(ignored).toEqual(expect.arrayContaining([".git", "node_modules", "dist"]));
    const [copied] = steps.filter((step) => step.startsWith("COPY package"));
    for (const name of copied.split(" ").slice(1, -1)) expect(existsSync(name)).toBe(true);
    // Both stages are Debian slim with the Node that the package asks for.
    const bases = steps.filter((step) => step.startsWith("FROM")).map((step) => step.split(" ")[1]);
    expect(bases).toEqual(["node:20-bookworm-slim", "node:20-bookworm-slim"]);
    // What is built says which commit it is, as the command that plans the sweep does: versions are not mixed.
    const version = execFileSync(
      process.execPath,
      [
        "--input-type=module",
        "-e",
        `
      process.env.PONCAST_COMMIT = "feedfacecafe";
      const { commit } = await import(${JSON.stringify(resolve("cli/build.mjs"))});
      process.stdout.write(commit());
    `,
      ],
      { encoding: "utf8" },
    );
    expect(version).toBe("feedfacecafe");
  });
});
