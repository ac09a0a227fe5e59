/** What tests of the page's views share: a page that notes its errors, axe, downloads. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type Axe from "axe-core";
import type { Browser, Download, Page } from "playwright-core";
import { widthsOf } from "../../report/browser.ts";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
/** From a telephone to a wide screen. */
const WIDTHS = [400, 1280, 2560];
const HEIGHT = 900;

export interface Shown {
  page: Page;
  /** Console errors and exceptions. */
  errors: string[];
}

export async function openPage(
  browser: Browser,
  url: string,
  { width = 1280, scheme = "light" as "light" | "dark" } = {},
): Promise<Shown> {
  const page = await browser.newPage({
    viewport: { width, height: HEIGHT },
    colorScheme: scheme,
    reducedMotion: "reduce",
  });
  page.setDefaultTimeout(60_000);
  const errors: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") errors.push(message.text());
  });
  page.on("pageerror", (error) => errors.push(error.message));
  await page.goto(url);
  return { page, errors };
}

/** What axe finds on the page as it is, a line each. */
export async function axeFaults(page: Page): Promise<string[]> {
  // As the browser's own tool does it: the page's policy allows no script but its own.
  const session = await page.context().newCDPSession(page);
  await session.send("Runtime.evaluate", { expression: AXE });
  await session.detach();
  return page.evaluate(async () => {
    const { axe } = globalThis as unknown as { axe: typeof Axe };
    const { violations } = await axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21aa", "best-practice"] });
    return violations.map(
      ({ id, impact, nodes }) => `${impact} ${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(" | ")}`,
    );
  });
}

/** Widths at which the page would have to be scrolled sideways. */
export async function tooNarrow(page: Page): Promise<string[]> {
  const faults: string[] = [];
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: HEIGHT });
    const [inner, outer] = await widthsOf(page);
    if (inner > outer) faults.push(`${inner} of ${outer}`);
  }
  return faults;
}

export async function downloaded(page: Page, click: () => Promise<void>): Promise<{ name: string; bytes: Buffer }> {
  const coming = page.waitForEvent("download");
  await click();
  const download: Download = await coming;
  return { name: download.suggestedFilename(), bytes: readFileSync(await download.path()) };
}
