/** A target that was typed wrong, or that there is no way to: one line for the person at the terminal. */
export class TargetError extends Error {}
