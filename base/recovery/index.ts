/** What boot loaders and the tools that recover devices speak: fastboot over TCP, TFTP, YMODEM; both sides, without sockets. */
export { ByteQueue } from "./byte-queue.ts";
export { FastbootDevice, type FastbootAnswer, type FastbootDeviceEvent } from "./fastboot-device.ts";
export {
  FASTBOOT_ANSWER_BYTES_MAX,
  FASTBOOT_COMMAND_BYTES_MAX,
  FASTBOOT_PORT,
  fastbootLength,
  octetsOf,
  readFastbootLength,
  textOf,
} from "./fastboot-frames.ts";
export { FastbootHost, type FastbootHostEvent } from "./fastboot-host.ts";
export {
  decodeTftp,
  encodeTftp,
  TFTP_DEFAULTS,
  TFTP_ERROR,
  TFTP_PORT,
  type TftpEvent,
  type TftpPacket,
  type TftpRequest,
  type TftpServing,
  type TftpTerms,
} from "./tftp-packet.ts";
export type { TftpSource } from "./tftp-send.ts";
export { TftpTransfer } from "./tftp-transfer.ts";
export { YMODEM_CANCEL } from "./ymodem-packet.ts";
export { YmodemReceiver, type YmodemEvent } from "./ymodem-receiver.ts";
export { YmodemSender, type YmodemSenderEvent, type YmodemSource } from "./ymodem-sender.ts";
export { readRecoveryAddress, RECOVERY_ADDRESSES, type RecoveryAddress } from "./address.ts";
