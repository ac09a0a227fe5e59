/**
 * Every RPC that is known here, once: who sends it, since which version, and its arguments in the order of the wire (TR-069, annex A).
 * Types, reader, writer, what an endpoint says that it can do, and the messages that tests draw all come from it.
 */
import { any, boolean, type CwmpFields, dateTime, int, list, struct, text, texts, unsignedInt } from "./field.ts";

/** Who sends it as a request: the ACS, the CPE, either. */
export type CwmpSender = "acs" | "cpe" | "both";

interface RpcLayout {
  from: CwmpSender;
  /** The second figure of the version that brought it: 2 is CWMP 1.2. */
  sinceMinor: number;
  clause: string;
  request: CwmpFields;
  response: CwmpFields;
}

const NAME_CHARACTERS_MAX = 256;
const URL_CHARACTERS_MAX = 256;
const EVENTS_MAX = 64;
const TRANSFERS_MAX = 64;
const METHODS_MAX = 256;
const FILE_ARGUMENTS_MAX = 16;
const WINDOWS_MAX = 2;
const ACCESSORS_MAX = 16;

const COMMAND_KEY = text("CommandKey", 32);
const FILE_TYPE = text("FileType", 64);
const FILE_SIZE = unsignedInt("FileSize");
const TARGET_FILE_NAME = text("TargetFileName", 256);
const PARAMETER_LIST = list("ParameterList", "ParameterValueStruct", {
  name: text("Name", NAME_CHARACTERS_MAX),
  value: any("Value"),
});
/** Who else may write: `Subscriber`, or nobody. */
const ACCESS_LIST = texts("AccessList", 64, ACCESSORS_MAX);
/** Code 0: it went well. */
const FAULT_STRUCT = struct("FaultStruct", {
  faultCode: unsignedInt("FaultCode"),
  faultString: text("FaultString", 256),
});
const TRANSFER_TIMES = { startTime: dateTime("StartTime"), completeTime: dateTime("CompleteTime") };
const SOURCE = {
  commandKey: COMMAND_KEY,
  fileType: FILE_TYPE,
  url: text("URL", URL_CHARACTERS_MAX),
  username: text("Username", 256),
  password: text("Password", 256),
  /** 0: not known. */
  fileSizeBytes: FILE_SIZE,
  targetFileName: TARGET_FILE_NAME,
};

export const CWMP_RPCS = {
  Inform: {
    from: "cpe",
    sinceMinor: 0,
    clause: "A.3.3.1",
    request: {
      deviceId: struct("DeviceId", {
        manufacturer: text("Manufacturer", 64),
        oui: text("OUI", 6),
        productClass: text("ProductClass", 64),
        serialNumber: text("SerialNumber", 64),
      }),
      events: list("Event", "EventStruct", { eventCode: text("EventCode", 64), commandKey: COMMAND_KEY }, EVENTS_MAX),
      maxEnvelopes: unsignedInt("MaxEnvelopes"),
      currentTime: dateTime("CurrentTime"),
      retryCount: unsignedInt("RetryCount"),
      parameters: PARAMETER_LIST,
    },
    response: { maxEnvelopes: unsignedInt("MaxEnvelopes") },
  },
  GetRPCMethods: {
    from: "both",
    sinceMinor: 0,
    clause: "A.3.1.1",
    request: {},
    response: { methods: texts("MethodList", 64, METHODS_MAX) },
  },
  SetParameterValues: {
    from: "acs",
    sinceMinor: 0,
    clause: "A.3.2.1",
    request: { parameters: PARAMETER_LIST, parameterKey: text("ParameterKey", 32) },
    /** 0: applied; 1: will be, at the next reboot for example. */
    response: { status: int("Status") },
  },
  GetParameterValues: {
    from: "acs",
    sinceMinor: 0,
    clause: "A.3.2.2",
    request: { names: texts("ParameterNames", NAME_CHARACTERS_MAX) },
    response: { parameters: PARAMETER_LIST },
  },
  GetParameterNames: {
    from: "acs",
    sinceMinor: 0,
    clause: "A.3.2.3",
    request: { path: text("ParameterPath", NAME_CHARACTERS_MAX), nextLevel: boolean("NextLevel") },
    response: {
      parameters: list("ParameterList", "ParameterInfoStruct", {
        name: text("Name", NAME_CHARACTERS_MAX),
        writable: boolean("Writable"),
      }),
    },
  },
  SetParameterAttributes: {
    from: "acs",
    sinceMinor: 0,
    clause: "A.3.2.4",
    request: {
      parameters: list("ParameterList", "SetParameterAttributesStruct", {
        /** Or a partial path: all below it. */
        name: text("Name", NAME_CHARACTERS_MAX),
        changesNotification: boolean("NotificationChange"),
        /** 0: off; 1: passive, told in the next Inform; 2: active, told at once. */
        notification: int("Notification"),
        changesAccessList: boolean("AccessListChange"),
        accessList: ACCESS_LIST,
      }),
    },
    response: {},
  },
  GetParameterAttributes: {
    from: "acs",
    sinceMinor: 0,
    clause: "A.3.2.5",
    request: { names: texts("ParameterNames", NAME_CHARACTERS_MAX) },
    response: {
      parameters: list("ParameterList", "ParameterAttributeStruct", {
        name: text("Name", NAME_CHARACTERS_MAX),
        notification: int("Notification"),
        accessList: ACCESS_LIST,
      }),
    },
  },
  AddObject: {
    from: "acs",
    sinceMinor: 0,
    clause: "A.3.2.6",
    request: { objectName: text("ObjectName", NAME_CHARACTERS_MAX), parameterKey: text("ParameterKey", 32) },
    response: { instanceNumber: unsignedInt("InstanceNumber"), status: int("Status") },
  },
  DeleteObject: {
    from: "acs",
    sinceMinor: 0,
    clause: "A.3.2.7",
    request: { objectName: text("ObjectName", NAME_CHARACTERS_MAX), parameterKey: text("ParameterKey", 32) },
    response: { status: int("Status") },
  },
  Reboot: { from: "acs", sinceMinor: 0, clause: "A.3.2.9", request: { commandKey: COMMAND_KEY }, response: {} },
  FactoryReset: { from: "acs", sinceMinor: 0, clause: "A.4.1.4", request: {}, response: {} },
  ScheduleInform: {
    from: "acs",
    sinceMinor: 0,
    clause: "A.4.1.2",
    request: { delaySeconds: unsignedInt("DelaySeconds"), commandKey: COMMAND_KEY },
    response: {},
  },
  Download: {
    from: "acs",
    sinceMinor: 0,
    clause: "A.3.2.8",
    request: {
      ...SOURCE,
      delaySeconds: unsignedInt("DelaySeconds"),
      successUrl: text("SuccessURL", URL_CHARACTERS_MAX),
      failureUrl: text("FailureURL", URL_CHARACTERS_MAX),
    },
    /** Status 0: done and applied; 1: TransferComplete will follow. */
    response: { status: int("Status"), ...TRANSFER_TIMES },
  },
  ScheduleDownload: {
    from: "acs",
    sinceMinor: 2,
    clause: "A.4.1.8",
    request: {
      ...SOURCE,
      windows: list(
        "TimeWindowList",
        "TimeWindowStruct",
        {
          /** Both after the RPC was received. */
          windowStartSeconds: unsignedInt("WindowStart"),
          windowEndSeconds: unsignedInt("WindowEnd"),
          windowMode: text("WindowMode", 64),
          userMessage: text("UserMessage", 256),
          /** −1: as the CPE decides. */
          maxRetries: int("MaxRetries"),
        },
        WINDOWS_MAX,
      ),
    },
    response: {},
  },
  CancelTransfer: {
    from: "acs",
    sinceMinor: 2,
    clause: "A.4.1.9",
    request: { commandKey: COMMAND_KEY },
    response: {},
  },
  GetQueuedTransfers: {
    from: "acs",
    sinceMinor: 0,
    clause: "A.4.1.1",
    request: {},
    response: {
      transfers: list(
        "TransferList",
        "QueuedTransferStruct",
        { commandKey: COMMAND_KEY, state: int("State") },
        TRANSFERS_MAX,
      ),
    },
  },
  GetAllQueuedTransfers: {
    from: "acs",
    sinceMinor: 1,
    clause: "A.4.1.7",
    request: {},
    response: {
      transfers: list(
        "TransferList",
        "AllQueuedTransferStruct",
        {
          commandKey: COMMAND_KEY,
          /** 1: not started; 2: under way; 3: done, to be told of. */
          state: int("State"),
          isDownload: boolean("IsDownload"),
          fileType: FILE_TYPE,
          fileSizeBytes: FILE_SIZE,
          targetFileName: TARGET_FILE_NAME,
        },
        TRANSFERS_MAX,
      ),
    },
  },
  TransferComplete: {
    from: "cpe",
    sinceMinor: 0,
    clause: "A.3.3.2",
    request: { commandKey: COMMAND_KEY, fault: FAULT_STRUCT, ...TRANSFER_TIMES },
    response: {},
  },
  AutonomousTransferComplete: {
    from: "cpe",
    sinceMinor: 1,
    clause: "A.3.3.3",
    request: {
      announceUrl: text("AnnounceURL", 1_024),
      transferUrl: text("TransferURL", 1_024),
      isDownload: boolean("IsDownload"),
      fileType: FILE_TYPE,
      fileSizeBytes: FILE_SIZE,
      targetFileName: TARGET_FILE_NAME,
      fault: FAULT_STRUCT,
      ...TRANSFER_TIMES,
    },
    response: {},
  },
  RequestDownload: {
    from: "cpe",
    sinceMinor: 0,
    clause: "A.4.2.2",
    request: {
      fileType: FILE_TYPE,
      fileArguments: list(
        "FileTypeArg",
        "ArgStruct",
        { name: text("Name", 64), value: text("Value", 256) },
        FILE_ARGUMENTS_MAX,
      ),
    },
    response: {},
  },
} as const satisfies Record<string, RpcLayout>;

export type CwmpRpc = keyof typeof CWMP_RPCS;

export const CWMP_RPC_NAMES = Object.keys(CWMP_RPCS) as CwmpRpc[];
