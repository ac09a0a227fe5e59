/** How far an OLT has come with one ONT: the commands of an update that were answered ok. */
import { RESULT } from "../../omci/index.ts";

/** The commands of an update, in their order. */
export const MILESTONES = ["start", "end", "activate", "commit"] as const;
export type Milestone = (typeof MILESTONES)[number];

const commands: Readonly<Record<string, [milestone: Milestone, doing: string] | undefined>> = {
  startDownloadResponse: ["start", "downloading"],
  endDownloadResponse: ["end", "downloaded"],
  activateImageResponse: ["activate", "activated"],
  commitImageResponse: ["commit", "committed"],
};

export class UpdateCourse {
  /** What was answered ok at least once. */
  readonly reached = new Set<Milestone>();
  /** The last of it, for people. */
  doing = "no download yet";

  /** @param isAbort an End that gives the download up */
  answered(message: { type: string; result?: unknown }, isAbort: boolean): void {
    const command = commands[message.type];
    if (command === undefined || message.result !== RESULT.ok) return;
    const [milestone, doing] = command;
    if (milestone === "end" && isAbort) {
      this.doing = "the download was given up";
      return;
    }
    this.reached.add(milestone);
    this.doing = doing;
  }
}
