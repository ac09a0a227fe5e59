/** The events of an Inform (TR-069, table 8): exactly these words, with one space. */

export const CWMP_EVENTS = {
  bootstrap: "0 BOOTSTRAP",
  boot: "1 BOOT",
  periodic: "2 PERIODIC",
  scheduled: "3 SCHEDULED",
  valueChange: "4 VALUE CHANGE",
  kicked: "5 KICKED",
  connectionRequest: "6 CONNECTION REQUEST",
  transferComplete: "7 TRANSFER COMPLETE",
  diagnosticsComplete: "8 DIAGNOSTICS COMPLETE",
  requestDownload: "9 REQUEST DOWNLOAD",
  autonomousTransferComplete: "10 AUTONOMOUS TRANSFER COMPLETE",
  duStateChangeComplete: "11 DU STATE CHANGE COMPLETE",
  autonomousDuStateChangeComplete: "12 AUTONOMOUS DU STATE CHANGE COMPLETE",
  wakeup: "13 WAKEUP",
  heartbeat: "14 HEARTBEAT",
  methodReboot: "M Reboot",
  methodScheduleInform: "M ScheduleInform",
  methodDownload: "M Download",
  methodScheduleDownload: "M ScheduleDownload",
  methodUpload: "M Upload",
  methodChangeDuState: "M ChangeDUState",
} as const;

export type CwmpEventName = keyof typeof CWMP_EVENTS;
export type CwmpEventCode = (typeof CWMP_EVENTS)[CwmpEventName];

/** A CPE may have events of its own: `X <OUI> <text>`. */
const VENDOR_EVENT = /^X [0-9A-F]{6} \S/;
const CODES: ReadonlySet<string> = new Set(Object.values(CWMP_EVENTS));

export const isCwmpEventCode = (code: string): boolean => CODES.has(code) || VENDOR_EVENT.test(code);

/** What a file is (TR-069, table 31, FileType of Download). */
export const CWMP_FILE_TYPES = {
  firmware: "1 Firmware Upgrade Image",
  webContent: "2 Web Content",
  configuration: "3 Vendor Configuration File",
  tone: "4 Tone File",
  ringer: "5 Ringer File",
  storedFirmware: "6 Stored Firmware Image",
} as const;

export type CwmpFileType = (typeof CWMP_FILE_TYPES)[keyof typeof CWMP_FILE_TYPES];

/** When a transfer may interrupt what the device does (WindowMode of ScheduleDownload). */
export const CWMP_WINDOW_MODES = {
  atAnyTime: "1 At Any Time",
  immediately: "2 Immediately",
  whenIdle: "3 When Idle",
  confirmationNeeded: "4 Confirmation Needed",
} as const;
