/** `poncast completion <shell>`: words that a shell completes, from the commands as they are, by @bomb.sh/tab. */
import tab from "@bomb.sh/tab/commander";
import type { Command } from "commander";
import { presetNames } from "./run-options.ts";

/** `completion` prints a script for a shell, which then calls `complete` at each press of its key. */
export const COMPLETION_COMMAND = { shown: "completion", hidden: "complete" } as const;

/** After all other commands: what is registered later is not completed. */
export function completionCommand(program: Command): void {
  const completion = tab(program, { completionCommandName: COMPLETION_COMMAND.shown });
  program.commands
    .find((command) => command.name() === COMPLETION_COMMAND.shown)
    ?.description("print a script that completes poncast's words in bash, zsh, fish or PowerShell");
  for (const command of completion.commands.values()) {
    const scenario = command.arguments.get("scenario");
    if (scenario !== undefined)
      scenario.handler = (complete) => {
        for (const name of presetNames()) complete(name, "preset");
      };
  }
}
