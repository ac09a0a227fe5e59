/** What runs as `poncast` (dist/cli.js): the command with its words, written to a pipe that its reader may close. */
import { main, tellFault } from "./main.ts";

// A reader that has seen enough (`| head`) closes the pipe: that is no error.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(0);
  tellFault(error);
  process.exit();
});

await main();
