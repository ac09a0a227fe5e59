/** The tester's reach: what comes from the CPE, and how it is asked, knocked for, and waited for. */
import { DigestClient, DigestServer } from "../../../../base/digest/index.ts";
import { type CwmpParameter, type CwmpRequest, type CwmpValueType, writeCwmp } from "../../../../cwmp/index.ts";
import { CannotTest } from "../../../core/index.ts";
import { CWMP_LIMITS, FALLBACK_INFORM_SECONDS } from "../limits.ts";
import { HttpLog } from "../log.ts";
import type { CpeWay, CwmpImage, HttpAnswer, HttpAsk, TesterCredentials } from "../types.ts";
import { type HeardSession, messageOf, type Question, TesterAcs, type TesterTask } from "./acs.ts";
import { FILES_PATH, TesterFiles } from "./files.ts";
import type { KnownCpe } from "./known.ts";

const NS_PER_MS = 1e6;
const ACS_PATH_OF_TESTER = "/acs";

export class CpeReach {
  readonly way: CpeWay;
  readonly known: KnownCpe;
  readonly image: CwmpImage | undefined;
  readonly acs = new TesterAcs();
  readonly files = new TesterFiles();
  readonly log = new HttpLog();
  readonly #digest = new DigestServer({ realm: "acs", algorithms: ["MD5"], secret: new Uint8Array(16).fill(1) });
  readonly #id: string;
  protected readonly issued = new Set<string>();
  #keys = 0;
  #nonces = 0;

  /** @param id of the case: command keys begin with it */
  constructor(way: CpeWay, known: KnownCpe, image: CwmpImage | undefined, id: string) {
    this.way = way;
    this.known = known;
    this.image = image;
    this.#id = id;
    way.onAsk = (ask) => this.#heard(ask);
  }

  #heard(ask: HttpAsk): void {
    const { method, path, headers, body, isSecure } = ask;
    const nowNs = this.way.nowNs();
    const origin = isSecure ? (this.way.revokedOrigin ?? this.way.origin) : this.way.origin;
    const exchange = this.log.begin({ from: "device", startNs: nowNs, method, url: `${origin}${path}`, headers, body });
    const before = this.acs.sessions.length;
    const reply = path.startsWith(FILES_PATH)
      ? this.files.handle(ask, exchange.number, nowNs)
      : path.startsWith(ACS_PATH_OF_TESTER)
        ? this.acs.handle(ask, exchange.number, nowNs)
        : { status: 404 };
    if (this.acs.sessions.length > before) this.known.learn(this.acs.sessions.at(-1)!);
    this.log.replied(exchange, nowNs, reply);
    ask.answer(reply);
  }

  get acsUrl(): string {
    return `${this.way.origin}${ACS_PATH_OF_TESTER}`;
  }

  get nowMs(): number {
    return this.way.nowNs() / NS_PER_MS;
  }

  /** Wall clock, milliseconds since 1970. */
  get wallMs(): number {
    return this.way.epochMs + this.nowMs;
  }

  /** A command key that no other transfer has. */
  key(): string {
    return this.issue(`${this.#id.slice(0, 24)}-${++this.#keys}`);
  }

  /** A key that the case has made. */
  issue(key: string): string {
    this.issued.add(key);
    return key;
  }

  /** Until something holds. @returns whether it does */
  async until(holds: () => boolean, limitMs: number): Promise<boolean> {
    const endNs = this.way.nowNs() + limitMs * this.way.timeScale * NS_PER_MS;
    while (!holds()) {
      if (this.way.nowNs() >= endNs) return false;
      await this.way.wait(endNs);
    }
    return true;
  }

  /** Lets time pass, as it is: not scaled. */
  async rest(ms: number): Promise<void> {
    const endNs = this.way.nowNs() + ms * NS_PER_MS;
    while (this.way.nowNs() < endNs) await this.way.wait(endNs);
  }

  /** No session goes on. */
  async quiet(): Promise<void> {
    if (!(await this.until(() => !this.acs.isInSession, CWMP_LIMITS.answerMs * 2))) this.acs.drop();
  }

  /** And the CPE has had the time to see that it is over. @returns how many sessions there were so far */
  async calm(): Promise<number> {
    await this.quiet();
    await this.rest(CWMP_LIMITS.calmMs * this.way.timeScale);
    await this.quiet();
    return this.acs.sessions.length;
  }

  /**
   * The first Inform of all; the CPE is told name and password for connection requests, and says what it can do.
   *
   * @param address where it may be asked to come
   */
  async contact(address?: string): Promise<void> {
    const { acs, known } = this;
    if (address !== undefined) {
      known.connectionRequestUrl = address;
      // Without name and password it may come all the same, or by itself.
      await this.knock(known.connection ?? known.offered);
    }
    const provision = acs.push((id, version) => writeCwmp({ version, id, message: this.#provisioning() }));
    const methods = acs.push({ method: "GetRPCMethods" });
    if (!(await this.until(() => acs.sessions.length > 0, CWMP_LIMITS.contactMs)))
      throw new CannotTest(`the CPE does not come to ${this.acsUrl}`);
    await this.until(() => !acs.isInSession, CWMP_LIMITS.answerMs * 3);
    const told = messageOf(methods.answer);
    if (told?.method === "GetRPCMethodsResponse") known.methods = new Set(told.methods);
    if (messageOf(provision.answer)?.method === "SetParameterValuesResponse") known.connection ??= known.offered;
  }

  /** Name and password for connection requests; where it takes none, it is to come by itself, and soon. */
  #provisioning(): CwmpRequest {
    const { known } = this;
    const { username, password } = known.connection ?? known.offered;
    const parameters =
      known.connectionRequestUrl === ""
        ? [
            this.parameter("ManagementServer.PeriodicInformEnable", "boolean", "1"),
            this.parameter("ManagementServer.PeriodicInformInterval", "unsignedInt", `${FALLBACK_INFORM_SECONDS}`),
          ]
        : [
            this.parameter("ManagementServer.ConnectionRequestUsername", "string", username),
            this.parameter("ManagementServer.ConnectionRequestPassword", "string", password),
          ];
    return { method: "SetParameterValues", parameters, parameterKey: "" };
  }

  parameter(path: string, type: CwmpValueType, text: string): CwmpParameter {
    return { name: this.known.path(path), value: { type, text } };
  }

  get canConnect(): boolean {
    const { connectionRequestUrl, connection, isDeaf } = this.known;
    return connectionRequestUrl !== "" && connection !== undefined && !isDeaf;
  }

  /** From now on the first POST of a session has to say who it is. @returns how often it was turned away in a session */
  askWho({ username, password }: TesterCredentials): { refused: number } {
    const asks = { refused: 0 };
    this.acs.gate = ({ method, path, headers }) => {
      if (this.acs.isInSession) return undefined;
      const nowMs = this.nowMs;
      const verdict = this.#digest.check(nowMs, headers["authorization"] ?? "", method, path, (user) =>
        user === username ? password : undefined,
      );
      if (verdict.ok) return undefined;
      asks.refused += 1;
      return { status: 401, headers: { "www-authenticate": this.#digest.challenge(nowMs, verdict.isStale) } };
    };
    return asks;
  }

  /** A GET at the CPE's door, as it is. */
  async get(url: string, headers: Readonly<Record<string, string>> = {}): Promise<HttpAnswer> {
    const exchange = this.log.begin({
      from: "tester",
      startNs: this.way.nowNs(),
      method: "GET",
      url,
      headers,
      body: new Uint8Array(0),
    });
    const answer = await this.way.request({ method: "GET", url, headers });
    if (answer.ok) this.log.replied(exchange, this.way.nowNs(), answer);
    else exchange.notes.push(answer.cause);
    return answer;
  }

  /** Authorization of a connection request for a challenge. */
  answerTo(challenge: string, credentials: TesterCredentials): string {
    const digest = new DigestClient(credentials);
    digest.take(challenge);
    const { pathname, search } = new URL(this.known.connectionRequestUrl);
    return digest.answer("GET", pathname + search, `poncast-${++this.#nonces}`)!;
  }

  /** A connection request by digest. @returns the last answer, and the header that it was asked with */
  async knock(credentials: TesterCredentials): Promise<{ answer: HttpAnswer; authorization: string }> {
    const url = this.known.connectionRequestUrl;
    const first = await this.get(url);
    const digest = new DigestClient(credentials);
    if (!first.ok || first.status !== 401 || digest.take(first.headers["www-authenticate"] ?? "") === undefined)
      return { answer: first, authorization: "" };
    const authorization = this.answerTo(first.headers["www-authenticate"]!, credentials);
    return { answer: await this.get(url, { authorization }), authorization };
  }

  /** A session: the CPE is asked to come, or comes by itself. */
  async call(): Promise<HeardSession> {
    const { acs } = this;
    await this.quiet();
    const before = acs.sessions.length;
    const came = (): boolean => acs.sessions.length > before;
    if (this.canConnect) this.known.isDeaf = !(await this.#connect(came));
    if (!came() && !(await this.until(came, CWMP_LIMITS.periodicMs)))
      throw new CannotTest(
        "the CPE comes to no session: it takes no connection request, and does not inform by itself",
      );
    return acs.sessions[before]!;
  }

  /** @returns false: it takes none */
  async #connect(came: () => boolean): Promise<boolean> {
    for (let tries = 0; tries < CWMP_LIMITS.busyTries && !came(); tries++) {
      const { answer } = await this.knock(this.known.connection!);
      if (!answer.ok) return false;
      if (answer.status === 200 || answer.status === 204) return this.until(came, CWMP_LIMITS.connectMs);
      if (answer.status !== 503) return false;
      await this.until(came, CWMP_LIMITS.busyMs);
    }
    return true;
  }

  /** Asks in the session that goes on, or in one that the CPE is called to. */
  async tell(...questions: Question[]): Promise<TesterTask[]> {
    const { acs } = this;
    await this.quiet();
    const tasks = questions.map((question) => acs.push(question));
    await this.call();
    const isOver = (): boolean => tasks.every(({ answer, isLost }) => answer !== undefined || isLost);
    await this.until(() => isOver() || !acs.isInSession, CWMP_LIMITS.answerMs * (questions.length + 1));
    return tasks;
  }
}
