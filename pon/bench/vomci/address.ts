/** Where an ONT is in TR-451. */

/** Where an ONT is behind a pOLT. */
export interface VomciAddress {
  name: string;
  /** host:port */
  address: string;
  /** As the pOLT calls itself where it is not named. */
  oltName: string | undefined;
  channelTermination: string;
  onuId: number;
}
