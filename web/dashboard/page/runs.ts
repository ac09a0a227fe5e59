/** The runs of a folder, looked at again and again. */
import { useEffect, useState } from "preact/hooks";
import type { ListedRun } from "../types.ts";
import { listOf } from "./ask.ts";

const LOOK_MS = 2000;

export interface RunList {
  runs: ListedRun[];
  /** That of the server's own process. */
  live: string | null;
  /** Runs may be planned and started. */
  canPlan: boolean;
}

/** @returns undefined until they are known; and a call that looks at once */
export function useRuns(): [list: RunList | undefined, look: () => void] {
  const [list, setList] = useState<RunList>();
  const [asked, setAsked] = useState(0);
  useEffect(() => {
    let isOpen = true;
    const look = async (): Promise<void> => {
      const found = await listOf<RunList>("/runs");
      if (isOpen && found !== undefined) setList(found);
    };
    void look();
    const timer = setInterval(() => void look(), LOOK_MS);
    return () => {
      isOpen = false;
      clearInterval(timer);
    };
  }, [asked]);
  return [list, () => setAsked((count) => count + 1)];
}
