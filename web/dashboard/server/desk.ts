/** What answers of the page's server are made from. */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { LiveRun, ShownSource } from "./live-run.ts";
import type { PageSession } from "./session.ts";
import type { Streams } from "./streams.ts";

/** Runs that others have left, or are at. */
export interface RunLibrary {
  list(): object[];
  /** Opened if need be. @returns undefined where there is none of that name */
  open(name: string): Promise<ShownSource | undefined>;
  /** Text of its report; undefined where there is none. */
  report(name: string): string | undefined;
  close(): void;
}

/** What answers may need. */
export interface Desk {
  streams: Streams;
  library: RunLibrary | undefined;
  /** That of this process. */
  live: LiveRun | undefined;
}

export interface Call {
  request: IncomingMessage;
  response: ServerResponse;
  url: URL;
  session: PageSession;
  desk: Desk;
}
