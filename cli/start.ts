/** The command with its words, written to a pipe that its reader may close. */

const EXIT_BAD_INPUT = 2;

/** Does what the words of the command line say. */
export async function start(): Promise<void> {
  try {
    // Its own files are many.
    const { main, tellFault } = await import("./main.ts");
    // A reader that has seen enough (`| head`) closes the pipe: that is no error.
    process.stdout.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EPIPE") process.exit(0);
      tellFault(error);
      process.exit();
    });
    await main();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EMFILE") throw error;
    process.stderr.write("this process may not have more files open, raise the limit (`ulimit -n`) (EMFILE)\n");
    process.exitCode = EXIT_BAD_INPUT;
  }
}
