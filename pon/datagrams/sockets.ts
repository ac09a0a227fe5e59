/** What is done to Node's UDP sockets in more than one place. */
import type { BindOptions, Socket } from "node:dgram";
import { caughtLine, Guard } from "../../base/errors/index.ts";

/** Around whatever takes datagrams. */
export const guard = new Guard((caught) => process.stderr.write(caughtLine(caught)));

/** @throws Error of the system */
export function listen(socket: Socket, where: BindOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once("error", reject);
    socket.bind(where, () => {
      socket.off("error", reject);
      resolve();
    });
  });
}

/** From now on the system hands over what comes from there, and nothing else. */
export function hearOnly(socket: Socket, { address, port }: { address: string; port: number }): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once("error", reject);
    socket.connect(port, address, () => {
      socket.off("error", reject);
      resolve();
    });
  });
}

/** Asks for a large receive buffer. @returns what the system granted, bytes */
export function growReceiveBuffer(socket: Socket, bytes: number): number {
  try {
    socket.setRecvBufferSize(bytes);
  } catch {
    // The system's limit is lower: what it grants is checked by the caller.
  }
  return socket.getRecvBufferSize();
}
