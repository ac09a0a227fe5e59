/** Whether what is shown is still so: the run's server is there, is gone, or has another token. */
import type { StreamLink } from "./store.ts";

function textOf(link: StreamLink, hasRun: boolean, isEnded: boolean): string {
  switch (link.kind) {
    case "open":
      return "";
    case "opening":
      return hasRun ? "" : "Waits for the run …";
    case "over":
      return isEnded
        ? "The run is over, and its runner has ended. What is shown is how it ended."
        : "The runner has ended.";
    case "lost":
      return isEnded
        ? "The run is over, and its runner has ended. What is shown is how it ended."
        : "The runner is gone: it was ended from outside, or says nothing. What is shown is the last that it said. As soon as a run is served here again, it is shown.";
    case "stranger":
      return "Another poncast listens here now. Open the address that it printed.";
    case "none":
      return "No run goes on here yet. As soon as one does, it is shown.";
  }
}

interface Noticed {
  link: StreamLink;
  hasRun: boolean;
  isEnded: boolean;
  /** What the server says of a runner that it follows. */
  lost?: string;
}

export function LinkNotice({ link, hasRun, isEnded, lost = "" }: Noticed) {
  const text = textOf(link, hasRun, isEnded) || lost;
  const isBad = (link.kind === "lost" && !isEnded) || link.kind === "stranger" || lost !== "";
  return (
    <p
      class={isBad ? "notice bad" : "notice"}
      role={isBad ? "alert" : "status"}
      data-link={link.kind}
      hidden={text === ""}
    >
      {text}
    </p>
  );
}
