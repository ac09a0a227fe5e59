/** The ACS without its server: its books, and the sessions that devices have with it. */
import { AcsBooks } from "./books.ts";
import { AcsSession, type SessionOf } from "./session.ts";

export class Acs extends AcsBooks {
  #sessions = 0;

  /** For whoever comes without one: it begins with an Inform. */
  openSession(about: SessionOf): AcsSession {
    return new AcsSession(this, about, ++this.#sessions);
  }
}
