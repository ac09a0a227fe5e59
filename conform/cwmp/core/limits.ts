/** How long a tester of CWMP waits, milliseconds before the target's scale; the clauses are TR-069's. */

export const CWMP_LIMITS = {
  /** From a connection request that was answered well to the session (3.2.2.1). */
  connectMs: 30_000,
  /** Between two messages of a session: whoever is silent for so long has ended it (3.7.1.4). */
  answerMs: 30_000,
  /** Between tries of a connection request that is answered 503. */
  busyMs: 5_000,
  busyTries: 24,
  /** From a restart to the Inform that tells of it. */
  restartMs: 300_000,
  /** From when a transfer is due to TransferComplete, restart included. */
  transferMs: 600_000,
  /** Of a CPE that cannot be asked for a session: it comes by itself. */
  periodicMs: 120_000,
  /** The first Inform of all: somebody has to point the CPE to us. */
  contactMs: 600_000,
  /** What has not happened for so long does not happen. */
  silenceMs: 10_000,
  /** From the end of a session until the CPE is known to have seen it. */
  calmMs: 1_000,
  /** A transfer is begun within so long after it may be. */
  beginMs: 60_000,
} as const;

/** The CPE informs so often where it takes no connection requests. */
export const FALLBACK_INFORM_SECONDS = 20;
