/** What the system refuses is told in words, with its code and address. */
import { createSocket } from "node:dgram";
import { describe, expect, it } from "vitest";
import { placedLater, systemWords } from "../../../base/errors/index.ts";

const refused = (code: string, more: object = {}): Error =>
  Object.assign(new Error(`bind ${code}`), { code, syscall: "bind", ...more });

describe("words for what the system refuses", () => {
  it.each([
    ["EADDRINUSE", "the port is in use (EADDRINUSE)"],
    ["EADDRNOTAVAIL", "no interface of this machine has this address (EADDRNOTAVAIL)"],
    ["EMFILE", "this process may not have more files open, raise the limit (`ulimit -n`) (EMFILE)"],
    ["EPERM", "bind EPERM"],
  ])("%s", (code, words) => expect(systemWords(refused(code))).toBe(words));

  it("are for the system's errors only", () => expect(systemWords(new Error("a defect"))).toBe("a defect"));

  it("name the address where the place does not", async () => {
    const first = createSocket("udp4");
    const second = createSocket("udp4");
    await new Promise<void>((done) => first.bind(0, "127.0.0.1", done));
    const { port } = first.address();
    const bind = new Promise<void>((done, reject) => {
      second.once("error", reject);
      second.bind(port, "127.0.0.1", done);
    });
    await expect(placedLater("poncast test", () => bind)).rejects.toThrow(
      `poncast test: 127.0.0.1:${port}: the port is in use (EADDRINUSE)`,
    );
    first.close();
    second.close();
  });
});
