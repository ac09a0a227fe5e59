/** What stands about any picture of the page: its buttons, by which it is taken along as SVG or PNG. */
import type { ComponentChildren } from "preact";
import { savePng, saveSvg } from "./save.ts";

interface Framed {
  title: string;
  svg: { readonly current: SVGSVGElement | null };
  children: ComponentChildren;
}

export function PictureFrame({ title, svg, children }: Framed) {
  return (
    <figure class="picture">
      {children}
      <p class="downloads">
        <button type="button" class="link" onClick={() => svg.current && saveSvg(svg.current, title)}>
          SVG
        </button>
        <button type="button" class="link" onClick={() => svg.current && void savePng(svg.current, title)}>
          PNG
        </button>
        <span class="unseen">: {title}</span>
      </p>
    </figure>
  );
}
