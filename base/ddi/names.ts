/** Names of devices, actions and files in DDI: what may stand in a path and in a file system. */

const NAME_MAX = 128;
/** As devices call themselves: serial numbers, MAC addresses, host names. */
const DEVICE = /^[\w.:@+-]{1,128}$/;
const ACTION = /^[A-Za-z0-9][\w-]{0,63}$/;
const FILENAME = /^[\w+@~-][\w.+@~ -]{0,127}$/;

/** Of a device or a tenant. */
export const isDdiName = (text: string): boolean => DEVICE.test(text) && !/^\.{1,2}$/.test(text);
export const isDdiAction = (text: string): boolean => ACTION.test(text);
/** No folder, nothing hidden, nothing that a shell or a path reads otherwise. */
export const isDdiFilename = (text: string): boolean => text.length <= NAME_MAX && FILENAME.test(text);
