/** Routes of what is over: results of runs, their tags, sweeps, reports. */
import { HttpRefusal, jsonBodyOf } from "../../../base/http/index.ts";
import { CommandError } from "../../../run/control/index.ts";
import { PAGE_HEADERS } from "./assets.ts";
import { fieldsOf } from "./body.ts";
import type { Call, Route } from "./desk.ts";
import { tagsOf } from "./tags.ts";

const BODY_BYTES_MAX = 4096;

export const COMPARE_ROUTES: readonly Route[] = [
  {
    method: "GET",
    path: /^\/runs\/([^/]+)\/result$/,
    answer: ({ desk }, [name]) => found(desk.library?.finished(name), `there is no result of ${name}`),
  },
  { method: "POST", path: /^\/runs\/([^/]+)\/tags$/, changes: true, answer: tag },
  {
    method: "GET",
    path: /^\/runs\/([^/]+)\/report$/,
    answer: (call, [name]) => sendReport(call, call.desk.library?.report(name), name),
  },
  { method: "GET", path: /^\/sweeps$/, answer: ({ desk }) => ({ sweeps: desk.library?.sweeps() ?? [] }) },
  {
    method: "GET",
    path: /^\/sweeps\/([^/]+)$/,
    answer: ({ desk }, [name]) => found(desk.library?.sweep(name), `there is no sweep ${name}`),
  },
  {
    method: "GET",
    path: /^\/sweeps\/([^/]+)\/report$/,
    answer: (call, [name]) => sendReport(call, call.desk.library?.sweepReport(name), name),
  },
];

function found<Found extends object>(what: Found | undefined, otherwise: string): Found {
  if (what === undefined) throw new HttpRefusal(404, otherwise);
  return what;
}

/** `{"tags": ["night", "baseline"]}` */
async function tag({ request, desk }: Call, [name]: string[]): Promise<object> {
  const tags = tagsOf(fieldsOf(await jsonBodyOf(request, BODY_BYTES_MAX))["tags"]);
  if (tags === undefined) throw new CommandError("tags: up to 8 words of up to 32 characters");
  if (desk.library?.tag(name, tags) !== true) throw new HttpRefusal(404, `there is no run ${name}`);
  return { tags };
}

function sendReport({ response }: Call, text: string | undefined, name: string): undefined {
  if (text === undefined) throw new HttpRefusal(404, `there is no report of ${name}`);
  // Its script is in it, and has nothing of this server: to the browser it is a page from nowhere.
  const policy = "sandbox allow-scripts allow-popups allow-downloads allow-modals";
  response.writeHead(200, {
    ...PAGE_HEADERS,
    "content-security-policy": policy,
    "content-type": "text/html; charset=utf-8",
    "cache-control": "no-store",
  });
  response.end(text);
}
