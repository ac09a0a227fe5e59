/** Whom a campaign is for. */
import type { CampaignDevice, DeviceFilter } from "./types.ts";

export function matches(device: CampaignDevice, filter: DeviceFilter): boolean {
  const { products, hardware, versions, labels = [], serials } = filter;
  const isIn = (values: readonly string[] | undefined, value: string): boolean => values?.includes(value) ?? true;
  return (
    isIn(products, device.product) &&
    isIn(hardware, device.hardware) &&
    isIn(versions, device.version) &&
    isIn(serials, device.serial) &&
    labels.every((label) => device.labels.includes(label))
  );
}
