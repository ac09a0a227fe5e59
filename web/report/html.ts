/** Text that is HTML already. */
export class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

type Content = Html | string | number | undefined | false | readonly Content[];

const escapes: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

export const escaped = (text: string): string => text.replaceAll(/[&<>"']/g, (character) => escapes[character]);

function render(content: Content): string {
  if (content === undefined || content === false) return "";
  if (content instanceof Html) return content.text;
  if (typeof content === "string" || typeof content === "number") return escaped(String(content));
  return content.map(render).join("");
}

/** HTML from a template; everything put into it is escaped unless it is HTML itself. */
export const html = (parts: TemplateStringsArray, ...contents: Content[]): Html =>
  new Html(parts.map((part, index) => part + render(contents[index])).join(""));

/** Data for a script, in a script element of its own; nothing in it can end the element. */
export const jsonScript = (id: string, data: unknown): Html =>
  new Html(
    `<script type="application/json" id="${escaped(id)}">${JSON.stringify(data).replaceAll("<", "\\u003c")}</script>`,
  );

/** Script or style in the page itself; its text stays as it is to the byte, as its hash asks for. */
export const inline = (element: "script" | "style", text: string): Html => new Html(`<${element}>${text}</${element}>`);
