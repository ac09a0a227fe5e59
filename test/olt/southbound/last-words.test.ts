/** An OLT that leaves in the middle of downloads ends them, and touches nobody else. */
import { expect, it } from "vitest";
import { decodeMessage } from "../../../omci/index.ts";
import { lastWords } from "../../../olt/southbound/last-words.ts";
import { makeFleet } from "../../support/fleet.ts";

it("has an End of wrong CRC for each ONT in a download, to the instance that takes the image", () => {
  const fleet = makeFleet({ onts: 4, olt: { mode: "unicast", resume: false } });
  fleet.pon.run();
  const status = fleet.pon.olt.status();
  const phases = ["downloading", "ending", "stored", "waiting"] as const;
  const onts = status.onts.map((ont, index) => ({
    ...ont,
    phase: phases[index],
    online: true,
    activeInstance: index % 2,
    committedInstance: index % 2,
  }));
  const words = lastWords({ ...status, onts }, { imageBytes: 1000, crc32: 0xffff0000 });
  expect(words.map(({ onuId }) => onuId)).toEqual(onts.slice(0, 2).map(({ onuId }) => onuId));
  const said = words.map(({ pdu }) => decodeMessage(pdu));
  expect(said.map((one) => one.ok && one.message)).toMatchObject([
    { type: "endDownloadRequest", instanceId: 1, imageBytes: 1000, crc32: 0x0000ffff },
    { type: "endDownloadRequest", instanceId: 0, imageBytes: 1000, crc32: 0x0000ffff },
  ]);
});
