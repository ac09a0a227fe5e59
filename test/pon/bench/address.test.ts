/** How roads are written. */
import { describe, expect, it } from "vitest";
import { ROAD_FORMS, roadOf } from "../../../pon/bench/index.ts";
import { wordsOf } from "../../../pon/bench/exec.ts";

describe("roads", () => {
  it.each([
    "eth:eth1",
    "eth:enp0s31f6/02:00:5e:10:00:01",
    "serial:/dev/ttyUSB0,115200",
    "serial:/dev/pts/4",
    "/dev/ttyACM0",
    "exec:./my-ont --flag",
    "unix:/run/ont.sock",
    "unix-listen:s",
  ])("%s", (name) => expect(roadOf(name)?.name).toBe(name));

  it("are told apart from other targets", () => {
    for (const name of ["udp://127.0.0.1:5", "relay://h", "openolt://h", "localhost", "", "toString:x"])
      expect(roadOf(name)).toBe(undefined);
  });

  it("that are wrong are told by the form that is allowed", () => {
    for (const name of ["eth:", "eth:a b", "eth:e/02:00", "serial:,9600", "serial:/dev/x,fast", "exec: ", "unix:"])
      expect(() => roadOf(name), name).toThrow(ROAD_FORMS.find((form) => form.startsWith(name.split(":", 1)[0]!))!);
  });
});

describe("words of a program", () => {
  it.each([
    ["./ont", ["./ont"]],
    ["  ./ont  --flag ", ["./ont", "--flag"]],
    ["sh -c 'a \"b\" | c'", ["sh", "-c", 'a "b" | c']],
    ['x --name="two words" ""', ["x", "--name=two words", ""]],
    ["x 'open", undefined],
  ])("%s", (text, words) => expect(wordsOf(text)).toEqual(words));
});
