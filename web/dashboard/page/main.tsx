/** The live page: its views, and which of them an address means. Runs in the browser, from what its server sends. */
import { render } from "preact";
import { useEffect, useState } from "preact/hooks";
import { viewOf } from "./router.tsx";

function Page() {
  const [address, setAddress] = useState(location.hash);
  useEffect(() => {
    const change = (): void => setAddress(location.hash);
    addEventListener("hashchange", change);
    return () => removeEventListener("hashchange", change);
  }, []);
  return viewOf(address);
}

const place = document.getElementById("page")!;
place.replaceChildren();
render(<Page />, place);
