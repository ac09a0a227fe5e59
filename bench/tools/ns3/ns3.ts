/** What ns-3 needs to deliver as many frames: a program of its own, made when a compiler and ns-3 (Debian `libns3-dev`) are there. */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isInstalled } from "../tool.ts";

/** What goes over the fibre, without payload or protocol. */
export interface Ns3Frames {
  frames: number;
  receivers: number;
  /** Chance for each frame and receiver. */
  loss: number;
  frameBytes: number;
  bitsPerSecond: number;
}

export interface Ns3Measured {
  /** Of the simulator alone. */
  runSeconds: number;
  /** With the making of its nodes. */
  seconds: number;
  delivered: number;
}

export class Ns3 {
  readonly #program: string;

  constructor() {
    this.#program = join(mkdtempSync(join(tmpdir(), "poncast-ns3-")), "frames");
    const source = join(import.meta.dirname, "frames.cc");
    execFileSync("g++", ["-std=c++17", "-O2", "-o", this.#program, source, "-lns3-network", "-lns3-core"], {
      stdio: ["ignore", "ignore", "inherit"],
    });
  }

  run({ frames, receivers, loss, frameBytes, bitsPerSecond }: Ns3Frames): Ns3Measured {
    const words = [frames, receivers, loss, frameBytes, bitsPerSecond].map(String);
    return JSON.parse(execFileSync(this.#program, words, { encoding: "utf8" })) as Ns3Measured;
  }
}

/** @returns why it cannot be made here; empty: it can */
export function whyNoNs3(): string {
  if (!isInstalled("g++")) return "no g++ (Debian package g++)";
  const seen = spawnSync("g++", ["-E", "-include", "ns3/network-module.h", "-x", "c++", "/dev/null"], {
    stdio: "ignore",
  });
  return seen.status === 0 ? "" : "no ns-3 (Debian package libns3-dev)";
}
