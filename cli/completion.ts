/** `poncast completion <shell>`: words that a shell completes, from the commands as they are, by @bomb.sh/tab. */
import tab from "@bomb.sh/tab/commander";
import type { Command } from "commander";
import { presetNames } from "./run-options.ts";

/** After all other commands: what is registered later is not completed. @param shown the name of the one that prints a script */
export function completionCommand(program: Command, { shown }: { shown: string }): void {
  const completion = tab(program, { completionCommandName: shown });
  program.commands
    .find((command) => command.name() === shown)
    ?.description("print a script that completes poncast's words in bash, zsh, fish or PowerShell");
  for (const command of completion.commands.values()) {
    const scenario = command.arguments.get("scenario");
    if (scenario !== undefined)
      scenario.handler = (complete) => {
        for (const name of presetNames()) complete(name, "preset");
      };
  }
}
