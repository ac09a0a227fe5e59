/**
 * Sessions as they go over the wire, each message in a file beside this one, and what it says. `update` is a firmware update of ours
 * from the first Inform to the one that says that the new version runs; the others are in the forms of other people's stacks: they
 * are read, and never written so.
 */
import { readFileSync } from "node:fs";
import { CWMP_EVENTS, CWMP_FILE_TYPES, type CwmpEnvelope, type CwmpParameter } from "../../../cwmp/index.ts";

export const golden = (name: string): Buffer => readFileSync(new URL(`${name}.xml`, import.meta.url));

const at = (time: string): number => Date.parse(`2026-11-27T${time}Z`);

const deviceId = {
  manufacturer: "poncast",
  oui: "00D09E",
  productClass: "PC-ONT-1",
  serialNumber: "PCST00000001",
};
const parameter = (name: string, text: string): CwmpParameter => ({ name, value: { type: "string", text } });
const parametersOf = (version: string): CwmpParameter[] => [
  parameter("Device.RootDataModelVersion", "2.15"),
  parameter("Device.DeviceInfo.HardwareVersion", "1.0"),
  parameter("Device.DeviceInfo.SoftwareVersion", version),
  parameter("Device.DeviceInfo.ProvisioningCode", ""),
  parameter("Device.ManagementServer.ParameterKey", ""),
  parameter("Device.ManagementServer.ConnectionRequestURL", "http://127.0.0.1:7547/x?a=1&b=2"),
];

/** In the order of the session; each is written to the byte as it stands in its file. */
export const update: readonly [string, CwmpEnvelope][] = [
  [
    "update/01-cpe-inform",
    {
      version: "1.2",
      id: "1",
      message: {
        method: "Inform",
        deviceId,
        events: [
          { eventCode: CWMP_EVENTS.bootstrap, commandKey: "" },
          { eventCode: CWMP_EVENTS.boot, commandKey: "" },
        ],
        maxEnvelopes: 1,
        currentTime: at("02:00:00"),
        retryCount: 0,
        parameters: parametersOf("1.0.0"),
      },
    },
  ],
  [
    "update/02-acs-inform-response",
    { version: "1.2", id: "1", message: { method: "InformResponse", maxEnvelopes: 1 } },
  ],
  [
    "update/03-acs-download",
    {
      version: "1.2",
      id: "a-1",
      message: {
        method: "Download",
        commandKey: "update-1",
        fileType: CWMP_FILE_TYPES.firmware,
        url: "https://127.0.0.1:7548/files/0123456789abcdef/firmware.pon",
        username: "",
        password: "",
        fileSizeBytes: 16_777_216,
        targetFileName: "firmware.pon",
        delaySeconds: 0,
        successUrl: "",
        failureUrl: "",
      },
    },
  ],
  [
    "update/04-cpe-download-response",
    {
      version: "1.2",
      id: "a-1",
      message: { method: "DownloadResponse", status: 1, startTime: "unknown", completeTime: "unknown" },
    },
  ],
  [
    "update/05-cpe-inform",
    {
      version: "1.2",
      id: "2",
      message: {
        method: "Inform",
        deviceId,
        events: [
          { eventCode: CWMP_EVENTS.boot, commandKey: "" },
          { eventCode: CWMP_EVENTS.valueChange, commandKey: "" },
          { eventCode: CWMP_EVENTS.transferComplete, commandKey: "" },
          { eventCode: CWMP_EVENTS.methodDownload, commandKey: "update-1" },
        ],
        maxEnvelopes: 1,
        currentTime: at("02:03:20"),
        retryCount: 1,
        parameters: parametersOf("2.0.0"),
      },
    },
  ],
  [
    "update/06-cpe-transfer-complete",
    {
      version: "1.2",
      id: "3",
      message: {
        method: "TransferComplete",
        commandKey: "update-1",
        fault: { faultCode: 0, faultString: "" },
        startTime: at("02:00:01"),
        completeTime: at("02:02:30") + 500,
      },
    },
  ],
  [
    "update/07-acs-transfer-complete-response",
    { version: "1.2", id: "3", message: { method: "TransferCompleteResponse" } },
  ],
  [
    "update/08-acs-schedule-download",
    {
      version: "1.2",
      id: "a-2",
      message: {
        method: "ScheduleDownload",
        commandKey: "update-2",
        fileType: CWMP_FILE_TYPES.firmware,
        url: "https://127.0.0.1:7548/files/0123456789abcdef/firmware.pon",
        username: "ont",
        password: "<secret> & more",
        fileSizeBytes: 16_777_216,
        targetFileName: "",
        windows: [
          {
            windowStartSeconds: 3_600,
            windowEndSeconds: 14_400,
            windowMode: "1 At Any Time",
            userMessage: "",
            maxRetries: -1,
          },
        ],
      },
    },
  ],
  [
    "update/09-cpe-fault",
    {
      version: "1.2",
      id: "a-2",
      message: {
        method: "Fault",
        soapFaultCode: "Server",
        faultCode: 9_004,
        faultString: "Resources exceeded: three transfers wait already",
        parameterFaults: [],
      },
    },
  ],
];

/** Files of others, and what they say. */
export const foreign: readonly [string, CwmpEnvelope][] = [
  [
    // Prefixes of gSOAP, a namespace for each element, values without a type, times without a zone.
    "foreign/gsoap-inform",
    {
      version: "1.0",
      id: "100",
      message: {
        method: "Inform",
        deviceId: { manufacturer: "Example", oui: "0A0B0C", productClass: "Box", serialNumber: "S/N 1" },
        events: [{ eventCode: "2 PERIODIC", commandKey: "" }],
        maxEnvelopes: 1,
        currentTime: at("02:00:00"),
        retryCount: 0,
        parameters: [
          { name: "InternetGatewayDevice.DeviceInfo.SoftwareVersion", value: { type: "string", text: "1.0 & 2" } },
          { name: "InternetGatewayDevice.DeviceInfo.UpTime", value: { type: "unsignedInt", text: "77" } },
        ],
      },
    },
  ],
  [
    // The default namespace is SOAP's; the namespace of CWMP is declared where it is used; HoldRequests of an old ACS.
    "foreign/default-namespace-hold",
    {
      version: "1.1",
      id: "x",
      holdRequests: true,
      message: { method: "GetParameterValues", names: ["Device.DeviceInfo.", "Device.ManagementServer.URL"] },
    },
  ],
  [
    "foreign/set-parameter-fault",
    {
      version: "1.0",
      id: "",
      message: {
        method: "Fault",
        soapFaultCode: "Client",
        faultCode: 9_003,
        faultString: "Invalid arguments",
        parameterFaults: [
          { parameterName: "Device.Time.NTPServer1", faultCode: 9_007, faultString: "Invalid parameter value" },
        ],
      },
    },
  ],
  [
    "foreign/newer-inform-response",
    {
      version: "1.4",
      id: "5",
      sessionTimeoutSeconds: 60,
      useVersion: "1.4",
      message: { method: "InformResponse", maxEnvelopes: 1 },
    },
  ],
];
