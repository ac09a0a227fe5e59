/** What the machine or a peer does not do, though all that was asked is right. */

/** Neither bad input nor a defect: a command ends with its line and exit 1. */
export class FaultError extends Error {
  override readonly name: string = "FaultError";
}
