/** The XML namespaces of an envelope; that of CWMP says which version it is. */
import { CWMP_VERSIONS, type CwmpVersion } from "./types.ts";

export const SOAP_ENVELOPE = "http://schemas.xmlsoap.org/soap/envelope/";
export const SOAP_ENCODING = "http://schemas.xmlsoap.org/soap/encoding/";
export const XML_SCHEMA = "http://www.w3.org/2001/XMLSchema";
export const XML_SCHEMA_INSTANCE = "http://www.w3.org/2001/XMLSchema-instance";
/** That of every version begins so. */
export const CWMP_PREFIX = "urn:dslforum-org:cwmp-";

export const namespaceOf = (version: CwmpVersion): string => `${CWMP_PREFIX}${version.replace(".", "-")}`;

const VERSIONS = new Map(CWMP_VERSIONS.map((version) => [namespaceOf(version), version]));

export const versionOf = (namespace: string): CwmpVersion | undefined => VERSIONS.get(namespace);
