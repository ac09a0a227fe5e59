/** A Slurm of one node for a test: own key and socket of munge, own ports, all in a temporary folder; ended by its ids. */
import { type ChildProcess, execFile, execFileSync, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { promisify } from "node:util";
import { freePort } from "./redis.ts";
import { removeFolder } from "../../../support/folder.ts";

const run = promisify(execFile);
/** Debian has its daemons where only root looks. */
const PATH = [process.env.PATH, "/usr/sbin", "/sbin"].join(delimiter);
const START_MS_MAX = 90_000;

function isInstalled(): boolean {
  try {
    for (const name of ["munged", "slurmctld", "slurmd"])
      execFileSync(name, [name === "munged" ? "--version" : "-V"], { stdio: "ignore", env: { ...process.env, PATH } });
    return process.getuid?.() === 0;
  } catch {
    return false;
  }
}
/** Debian's slurm-wlm and munge, and a user who may start jobs as anybody. */
export const hasSlurm = isInstalled();

export class TestSlurm {
  readonly folder = mkdtempSync(join(tmpdir(), "poncast-slurm-"));
  readonly #children: ChildProcess[] = [];
  #controller: ChildProcess | undefined;

  /** For its commands. */
  get env(): NodeJS.ProcessEnv {
    return { ...process.env, PATH, SLURM_CONF: join(this.folder, "slurm.conf") };
  }

  /** Until its node takes jobs. */
  static async start(): Promise<TestSlurm> {
    const slurm = new TestSlurm();
    try {
      await slurm.#start();
    } catch (error) {
      await slurm.end();
      throw error;
    }
    return slurm;
  }

  async #start(): Promise<void> {
    const at = (name: string): string => join(this.folder, name);
    for (const name of ["state", "spool"]) mkdirSync(at(name));
    writeFileSync(at("key"), randomBytes(1024), { mode: 0o400 });
    const files = ["key-file=key", "socket=socket", "pid-file=munge.pid", "log-file=munge.log", "seed-file=seed"];
    const words = files.map((word) => word.replace(/^(.*)=(.*)$/, (_all, name, file) => `--${name}=${at(file)}`));
    this.#spawn("munged", ["--foreground", "--force", ...words]);
    await this.#until(() => existsSync(at("socket")));
    writeFileSync(at("slurm.conf"), configuration(this.folder, await freePort(), await freePort()));
    this.#controller = this.#spawn("slurmctld", ["-D", "-i"]);
    this.#spawn("slurmd", ["-D", "-N", "localhost"]);
    const isIdle = async (): Promise<boolean> =>
      (await run("sinfo", ["-h", "-o", "%t"], { env: this.env }).catch(() => ({ stdout: "" }))).stdout.trim() ===
      "idle";
    await this.#until(isIdle);
  }

  /** The one that knows all jobs goes away, and writes down what it knows: killed with -9 it forgets what it has begun last, and waits for that for ever. */
  async stopController(): Promise<void> {
    const gone = new Promise((done) => this.#controller?.once("exit", done));
    this.#controller?.kill("SIGTERM");
    await gone;
  }

  /** With what it had written down. */
  restartController(): void {
    this.#controller = this.#spawn("slurmctld", ["-D"]);
  }

  /** What a command of Slurm's says. */
  async asked(command: string, ...words: string[]): Promise<string> {
    return (await run(command, words, { env: this.env })).stdout.trim();
  }

  async end(): Promise<void> {
    for (const child of this.#children.toReversed()) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      const gone = new Promise((done) => child.once("exit", done));
      child.kill("SIGTERM");
      await Promise.race([gone, pause(5000)]);
      child.kill("SIGKILL");
    }
    removeFolder(this.folder);
  }

  #spawn(name: string, words: readonly string[]): ChildProcess {
    const child = spawn(name, words, { stdio: "ignore", env: this.env });
    this.#children.push(child);
    return child;
  }

  async #until(isSo: () => boolean | Promise<boolean>): Promise<void> {
    const startedMs = performance.now();
    while (!(await isSo())) {
      if (performance.now() - startedMs > START_MS_MAX) throw new Error(`Slurm does not start, see ${this.folder}`);
      await pause(100);
    }
  }
}

const configuration = (folder: string, controllerPort: number, nodePort: number): string => `
ClusterName=poncast
SlurmctldHost=${hostname().split(".", 1)[0]}(127.0.0.1)
SlurmctldPort=${controllerPort}
SlurmdPort=${nodePort}
AuthType=auth/munge
AuthInfo=socket=${folder}/socket
SlurmUser=root
SlurmdUser=root
StateSaveLocation=${folder}/state
SlurmdSpoolDir=${folder}/spool
SlurmctldPidFile=${folder}/slurmctld.pid
SlurmdPidFile=${folder}/slurmd.pid
SlurmctldLogFile=${folder}/slurmctld.log
SlurmdLogFile=${folder}/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SwitchType=switch/none
MpiDefault=none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
ReturnToService=2
SchedulerParameters=sched_interval=1
NodeName=localhost NodeAddr=127.0.0.1 CPUs=2 State=UNKNOWN
PartitionName=main Nodes=localhost Default=YES MaxTime=INFINITE State=UP
`;
