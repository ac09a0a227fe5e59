/** The images of a run: what is distributed, and what the ONTs come with. */
export { prepareImagesAside } from "./aside.ts";
export { crc32Functions, makeVerifier } from "./checks.ts";
export { factoryMaker, type FactoryImage } from "./factory.ts";
export { isServed, kindOf } from "./kinds.ts";
export { isWithoutBytes, refuseWithoutBytes, whyBytesAreMade } from "./payload-kind.ts";
export { prepareImages, type RunImages, type RunPayload } from "./images.ts";
