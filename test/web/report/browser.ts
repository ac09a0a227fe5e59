/** A real browser for tests of pages: opens them, and reads from their pixels what was drawn. */
import { existsSync } from "node:fs";
import { type Browser, chromium, type Page } from "playwright-core";

/** Debian's; elsewhere named by CHROMIUM. */
const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";

/** Without a browser there is nothing to test pages with: said in one line. */
export const hasBrowser = existsSync(executablePath);
if (!hasBrowser)
  process.stderr.write(`no ${executablePath}: report pages are not tested (CHROMIUM names another one)\n`);

export const launch = (): Promise<Browser> => chromium.launch({ executablePath, args: ["--no-sandbox"] });

export interface Opened {
  page: Page;
  /** Console errors and exceptions. */
  errors: string[];
  /** Everything that was asked for, the page itself included. */
  requests: string[];
}

export async function open(browser: Browser, file: string, scheme: "light" | "dark", width: number): Promise<Opened> {
  const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme: scheme });
  // Half a minute, if it is not said: too little on a machine that has much else to do.
  page.setDefaultTimeout(240_000);
  const errors: string[] = [];
  const requests: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") errors.push(message.text());
  });
  page.on("pageerror", (error) => errors.push(error.message));
  page.on("request", (request) => requests.push(request.url()));
  await page.goto(`file://${file}`);
  await page.waitForFunction(() => document.documentElement.dataset.drawn !== undefined);
  return { page, errors, requests };
}

/** Charts of the page, in their order. */
export const chartsOf = (page: Page): Promise<string[]> =>
  page.$$eval(".plot", (plots) => plots.map((plot) => (plot as HTMLElement).dataset.chart!));

/** Pixels of a chart that have exactly the colour of a variable of the style sheet. */
export const pixelsOf = (page: Page, chart: string, variable: string): Promise<number> =>
  page.evaluate(
    ([name, wanted]) => {
      const canvas = document.querySelector<HTMLCanvasElement>(`[data-chart="${name}"] canvas`)!;
      // A copy: reading the chart's own canvas again and again makes the browser complain.
      const pen = new OffscreenCanvas(canvas.width, canvas.height).getContext("2d", { willReadFrequently: true })!;
      pen.fillStyle = getComputedStyle(document.documentElement).getPropertyValue(wanted).trim();
      pen.fillRect(0, 0, 1, 1);
      const [colour] = new Uint32Array(pen.getImageData(0, 0, 1, 1).data.buffer);
      pen.clearRect(0, 0, 1, 1);
      pen.drawImage(canvas, 0, 0);
      const { data } = pen.getImageData(0, 0, canvas.width, canvas.height);
      return new Uint32Array(data.buffer).filter((pixel) => pixel === colour).length;
    },
    [chart, variable] as const,
  );

/** Contrast of an element's text against the page (WCAG 2, 1.4.3). */
export const contrastOf = (page: Page, selector: string): Promise<number> =>
  page.evaluate((wanted) => {
    const luminance = (colour: string): number => {
      const [red, green, blue] = colour.match(/[\d.]+/g)!.map((part) => {
        const share = Number(part) / 255;
        return share <= 0.03928 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
      });
      return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    };
    const text = luminance(getComputedStyle(document.querySelector(wanted)!).color);
    const back = luminance(getComputedStyle(document.body).backgroundColor);
    return (Math.max(text, back) + 0.05) / (Math.min(text, back) + 0.05);
  }, selector);

/** Widths of the page's content and of the window: the content is not to be scrolled sideways. */
export const widthsOf = (page: Page): Promise<[content: number, window: number]> =>
  page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]);
