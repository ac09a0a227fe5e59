/** An operator's command to a run of a campaign, in the words of the campaign's core. */
import type { CampaignCommand } from "../../headend/campaign/core/index.ts";
import type { OltCommand } from "../../olt/core/types.ts";

/** @returns a text: why there is none; it counts for all roads */
export function campaignCommandOf(
  asked: OltCommand,
  time: "virtual" | "processes" = "virtual",
): CampaignCommand | string {
  const { kind, id, by } = asked;
  const who = { ...(id !== undefined && { id }), ...(by !== undefined && { by }) };
  switch (kind) {
    case "release":
      return { ...who, kind: "next" };
    case "abort":
      return { ...who, kind };
    case "skip":
    case "retry":
      if (asked.serial === undefined) return "a campaign names ONTs by their serial numbers";
      return { ...who, kind: kind === "skip" ? "remove" : "add", serial: asked.serial };
    case "pause":
    case "resume":
      return time === "processes" ? { ...who, kind } : "a campaign in virtual time is held up by its time: stop that";
    case "rate":
      return "a rate is for one OLT: a campaign has several roads";
  }
}
