/** Messages and methods of TR-451's southbound interface, as far as OMCI needs it (proto/vomci.proto). */
import type { MethodDefinition } from "@grpc/grpc-js";
import { messageCodec, type ProtoMessage } from "../../../base/protobuf/index.ts";
import { VOMCI } from "./vomci.pb.ts";

type Name = keyof typeof VOMCI.messages;
type Message<Of extends Name> = ProtoMessage<typeof VOMCI, Of>;
export type VomciMessage = Message<"VomciMessage">;
export type OnuHeader = Message<"OnuHeader">;
export type HelloRequest = Message<"HelloVomciRequest">;
export type HelloResponse = Message<"HelloVomciResponse">;

const VOMCI_ERRORS = ["general error", "no route to the ONU", "no response from the ONU", "unsupported request"];
export const NO_ROUTE_TO_ONU = 1;
export const errorText = ({ errorCode, errorDescription }: Message<"VomciError">): string =>
  [VOMCI_ERRORS[errorCode] ?? `error ${errorCode}`, errorDescription].filter((text) => text !== "").join(": ");

/** A method as both sides of the gRPC library take it. */
function method<Request extends Name, Response extends Name>(
  path: string,
  request: Request,
  response: Response,
  responseStream = false,
): MethodDefinition<Message<Request>, Message<Response>> {
  const [asked, answered] = [messageCodec(VOMCI, request), messageCodec(VOMCI, response)];
  return {
    path: `/tr451_vomci_sbi_service.v1.${path}`,
    requestStream: false,
    responseStream,
    requestSerialize: (message) => Buffer.from(asked.encode(message)),
    requestDeserialize: (bytes) => asked.decode(bytes),
    responseSerialize: (message) => Buffer.from(answered.encode(message)),
    responseDeserialize: (bytes) => answered.decode(bytes),
  };
}

export const methods = {
  helloVomci: method("VomciHelloSbi/HelloVomci", "HelloVomciRequest", "HelloVomciResponse"),
  listenForVomciRx: method("VomciMessageSbi/ListenForVomciRx", "Empty", "VomciMessage", true),
  vomciTx: method("VomciMessageSbi/VomciTx", "VomciMessage", "Empty"),
};
