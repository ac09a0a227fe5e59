/** `poncast campaign plan`: what a campaign is about to do, before it does it. */
import type { Command } from "commander";
import { copiesText, durationText } from "../../base/text/index.ts";
import { campaignLines, hasCampaign } from "../../run/campaign/index.ts";
import { UsageError } from "../errors.ts";
import { forecaster } from "../forecast.ts";
import { print } from "../print.ts";
import { addFieldOptions, overridesOf, resolveScenario } from "../run-options.ts";

export function campaignCommand(program: Command): void {
  const campaign = program
    .command("campaign")
    .description("updates of many devices by several roads, in the hours for it");
  const plan = campaign
    .command("plan")
    .description(
      "what a campaign is about to do: who, when, by which road, how many at once, and what the model says of it",
    )
    .argument("<scenario>", "scenario file, or a preset, such as night-campaign");
  addFieldOptions(plan, "run");
  plan.action(async (name: string, flags: Record<string, unknown>) => {
    const scenario = resolveScenario(name, overridesOf(flags));
    if (!hasCampaign(scenario))
      throw new UsageError(`${name}: has no campaign, and one road for all; \`poncast scenario explain campaign\``);
    const lines = campaignLines(scenario);
    const forecast = (await forecaster(scenario))();
    if (forecast !== undefined)
      lines.push(
        `  the model, were all updated by OMCI: ${copiesText(forecast.copies)} copies of the image, ${durationText(forecast.seconds)}`,
      );
    print(`${lines.join("\n")}\n`);
  });
}
