/** What stands about any picture that is an SVG of the page: its buttons. */
import type { ComponentChildren } from "preact";
import { TakeAlong } from "../take-along.tsx";
import { svgText } from "./save.ts";

interface Framed {
  title: string;
  svg: { readonly current: SVGSVGElement | null };
  children: ComponentChildren;
}

export function PictureFrame({ title, svg, children }: Framed) {
  return (
    <figure class="picture">
      {children}
      <TakeAlong name={title} picture={() => svg.current && svgText(svg.current)} />
    </figure>
  );
}
