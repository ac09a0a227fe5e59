/** What a tester knows of the CPE, from one case to the next. */
import type { CwmpDeviceId, CwmpVersion } from "../../../../cwmp/index.ts";
import type { TesterCredentials } from "../types.ts";
import type { HeardComplete, HeardSession } from "./acs.ts";

/** What was heard when the image was installed. */
export interface Installed {
  complete: HeardComplete;
  /** Version that ran before. */
  before: string;
  /** From the Download on. */
  sessions: readonly HeardSession[];
}

export class KnownCpe {
  deviceId: CwmpDeviceId | undefined;
  version: CwmpVersion = "1.0";
  /** Of the data model: Device, or InternetGatewayDevice. */
  root = "Device";
  connectionRequestUrl = "";
  /** For connection requests. */
  connection: TesterCredentials | undefined;
  softwareVersion = "";
  /** What GetRPCMethods named; undefined: nobody has asked. */
  methods: ReadonlySet<string> | undefined;
  /** What it is told for them, where nobody has said what it takes. */
  readonly offered: TesterCredentials;
  installed: Installed | undefined;
  /** Connection requests have come to nothing. */
  isDeaf = false;
  /** What it shows its ACS. */
  readonly password: TesterCredentials | undefined;

  constructor(offered: TesterCredentials, connection?: TesterCredentials, password?: TesterCredentials) {
    this.offered = offered;
    this.connection = connection;
    this.password = password;
  }

  /** From each Inform. */
  learn({ inform, version }: HeardSession): void {
    this.deviceId = inform.deviceId;
    this.version = version;
    for (const { name, value } of inform.parameters) {
      const [root, ...rest] = name.split(".");
      if (root === "Device" || root === "InternetGatewayDevice") this.root = root;
      const path = rest.join(".");
      if (path === "ManagementServer.ConnectionRequestURL") this.connectionRequestUrl = value.text;
      if (path === "DeviceInfo.SoftwareVersion") this.softwareVersion = value.text;
    }
  }

  /** Full name of a parameter. */
  path(rest: string): string {
    return `${this.root}.${rest}`;
  }
}
