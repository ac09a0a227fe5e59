/**
 * The way to an ONT under test, and its time. Whoever adds one (`openolt://`) writes `send` and `close`, hands what comes
 * in to `onFrame`, and takes `nowNs` and `wait` from `RealTime` (conform/targets/real-time.ts).
 */
export interface Transport {
  /** What a person typed to get here: `udp://127.0.0.1:5000`. */
  readonly name: string;
  /** The ONT's number where the way to it has one; 1 otherwise. */
  readonly onuId?: number;
  /** Every limit is multiplied by this: above 1 for slow targets and paths, below 1 in tests. */
  readonly timeScale: number;
  /** Pause after each section, nanoseconds, so that a burst does not overrun the target; 0 for none. */
  readonly sectionGapNs: number;
  /** How long an ONT that restarts is silent at least, where that is known; 0: it may answer on without a break. */
  readonly restartSilenceMs?: number;
  /** The last frame was refused: nobody listens there, at least not now. */
  readonly isRefused?: boolean;
  /** Why nothing passes any more, in one line; undefined while the way is open, or where nobody can tell. */
  readonly lost?: string | undefined;
  /** Takes a PDU without trailer; the link adds its own. */
  send(pdu: Uint8Array): void;
  /** Sends a PDU under a trailer that is wrong; absent where frames travel without one. */
  sendDamaged?(pdu: Uint8Array): void;
  /** A PDU as it goes over the line, with its trailer, right or wrong; absent where frames have none. */
  sealed?(pdu: Uint8Array, damaged: boolean): Uint8Array;
  /** Whether the trailer of a frame that came in is right; absent where there is none to check. */
  checkTrailer?(frame: Uint8Array): boolean;
  /** Set by the tester; called with each frame that comes in, as it came (40, 44 or 48 bytes, or extended). */
  onFrame: (frame: Uint8Array) => void;
  /** Monotonic, integer nanoseconds from any zero. */
  nowNs(): number;
  /** What to add for nanoseconds since 1970; absent in virtual time. */
  readonly epochNs?: number;
  /** For how long this process did not come to its turn so far, nanoseconds: no silence of the ONT's. Absent in virtual time. */
  readonly stalledNs?: number;
  /** Lets time pass until a frame has come in or the deadline is there, whichever is first. */
  wait(deadlineNs: number): Promise<void>;
  /** Takes the ONT's power away and gives it back; absent where nobody can. */
  powerCycle?(): Promise<void>;
  /** Leaves the way as others are to find it. */
  close(): void | Promise<void>;
}

/** What a run is pointed at. */
export interface Target {
  readonly name: string;
  /** Each case meets an ONT as it leaves the factory; otherwise one ONT goes through all cases. */
  readonly isFreshEachCase: boolean;
  open(): Promise<Transport>;
}

/** An image for the ONT under test to download. */
export interface ConformImage {
  bytes: Uint8Array;
  /** I.363.5. */
  crc32: number;
  /** MD5, hexadecimal: the image hash attribute of ME 7. */
  md5: string;
  /** The version the ONT is to report, where the file tells it. */
  version?: string;
}

/** How long the tester waits, milliseconds before the transport's scale; sources in docs/reference.md, 4.4. */
export const limits = {
  /** An answer, from its request; what OLTs of the field wait for. */
  answerMs: 3000,
  /** G.988 B.2: what an ONT should need at most. */
  answerRecommendedMs: 1000,
  /** What stays unanswered for so long is unanswered. */
  silenceMs: 1000,
  /** From a restart until the ONT answers again. */
  restartMs: 300_000,
  /** From the answer to Activate of the running image until the ONT goes down. */
  restartBeginMs: 60_000,
  /** Between Ends that are answered "device busy", and how many there may be: 120 s. */
  busyPollMs: 5000,
  busyPolls: 24,
  /** Between polls of an ONT that restarts. */
  restartPollMs: 500,
  /** Tries to reach the ONT before anything else. */
  contactTries: 3,
  /** Notifications follow what they report within so long. */
  avcMs: 5000,
} as const;

/** Frames that may come in after one that was sent; more is a flood that ends the case. */
export const FRAMES_UNASKED_MAX = 2000;
