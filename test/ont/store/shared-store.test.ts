/** Two roads to one image store: one at a time, and none restarts into what the other has put there. */
import { expect, it } from "vitest";
import { SharedStore, type StoreAnswer } from "../../../ont/store/index.ts";
import { imageOf, MemoryStore, sha256Of } from "../agent/store.ts";
import { testImage } from "../images.ts";

const image = testImage(2_000, 5);

/** What a call is answered. */
function answerOf(call: (done: (answer: StoreAnswer<object>) => void) => void): string {
  let said = "nothing";
  call((answer) => (said = answer.ok ? "ok" : `${answer.cause}${answer.passes ? ", passes" : ""}`));
  return said;
}

it("is one road's from begin to finish, and the slot is the last one's", () => {
  const inner = new MemoryStore(imageOf(testImage(1000, 7), "OLD"));
  const shared = new SharedStore(inner);
  const [one, other] = [shared.road(), shared.road()];
  const begin = (road: typeof one): string => answerOf((done) => road.begin("image", image.length, "", done));
  const rest = (road: typeof one): string[] => [
    answerOf((done) => road.write(0, image, true, done)),
    answerOf((done) => road.finish(sha256Of(image), done)),
  ];
  expect([begin(one), begin(other)]).toEqual(["ok", "busy, passes"]);
  expect(answerOf((done) => other.write(0, image, true, done))).toBe("busy, passes");
  expect(answerOf((done) => other.activate(done))).toBe("busy, passes");
  expect(answerOf((done) => other.drop(done))).toBe("ok");
  expect(rest(one)).toEqual(["ok", "ok"]);
  expect([begin(other), ...rest(other)]).toEqual(["ok", "ok", "ok"]);
  expect(answerOf((done) => one.activate(done))).toBe("another image is in the slot");
  expect(answerOf((done) => other.activate(done))).toBe("ok");
});

it("is anybody's after a drop, and after a restart", () => {
  const shared = new SharedStore(new MemoryStore(imageOf(testImage(1000, 7), "OLD")));
  const [one, other] = [shared.road(), shared.road()];
  const begin = (road: typeof one): string => answerOf((done) => road.begin("image", image.length, "", done));
  begin(one);
  one.drop(() => undefined);
  expect(begin(other)).toBe("ok");
  shared.clear();
  expect(begin(one)).toBe("ok");
});
