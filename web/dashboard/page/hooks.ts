/** What parts of the page share: following the run, colours that change, the size of an element. */
import { useEffect, useReducer, useRef, useState } from "preact/hooks";
import type { RunStore } from "./store.ts";

/** Renders again when the run has changed; no more often than `everyMs`. */
export function useRun(store: RunStore, everyMs = 0): void {
  const [, render] = useReducer<number, void>((count) => count + 1, 0);
  useEffect(() => {
    let lastMs = 0;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const now = (): void => {
      timer = undefined;
      lastMs = performance.now();
      render();
    };
    const stop = store.listen(() => {
      if (timer !== undefined) return;
      const waitMs = lastMs + everyMs - performance.now();
      if (waitMs <= 0) now();
      else timer = setTimeout(now, waitMs);
    });
    return () => {
      stop();
      clearTimeout(timer);
    };
  }, [store, everyMs]);
}

const dark = matchMedia("(prefers-color-scheme: dark)");

/** Grows when the colours change. */
export function useTheme(): number {
  const [theme, setTheme] = useState(0);
  useEffect(() => {
    const change = (): void => setTheme((count) => count + 1);
    dark.addEventListener("change", change);
    return () => dark.removeEventListener("change", change);
  }, []);
  return theme;
}

/** Width of an element, CSS pixels; 0 until it is known. */
export function useWidth<E extends HTMLElement>(): [ref: { current: E | null }, width: number] {
  const ref = useRef<E>(null);
  const [width, setWidth] = useState(0);
  useEffect(() => {
    const element = ref.current;
    if (element === null) return;
    const observer = new ResizeObserver(() => setWidth(Math.floor(element.clientWidth)));
    observer.observe(element);
    setWidth(Math.floor(element.clientWidth));
    return () => observer.disconnect();
  }, []);
  return [ref, width];
}
