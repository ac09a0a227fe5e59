/** Version and commit, put in by the build. */
export const VERSION = process.env.PONCAST_VERSION ?? "0.0.0";
export const COMMIT = process.env.PONCAST_COMMIT ?? "unknown";
