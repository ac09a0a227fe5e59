/** Cases: an ACS that sends the CPE elsewhere. */
import { CannotTest } from "../../../../core/index.ts";
import { fail, step, tr069 } from "./steps.ts";

const MS_PER_SECOND = 1000;
const REDIRECTS_MAX = 5;

export const redirectCases = [
  tr069({
    id: "session.redirect",
    title: "The CPE goes where it is sent",
    clause: "3.4.6",
    objective: "302 and 307 send a session to another URL, for this session alone.",
    preconditions: [],
    steps: [
      ...[302, 307].map((status) =>
        step(`Answer the Inform ${status}; the session goes on at the other URL.`, async (t) => {
          const other = `${t.acsUrl}/redirected-${status}`;
          t.acs.gate = ({ path }) =>
            path.includes("redirected") ? undefined : { status, headers: { location: other } };
          await t.callPast("it does not go where it is sent");
          await t.quiet();
          t.acs.gate = () => undefined;
          const session = t.acs.sessions.at(-1)!;
          const elsewhere = session.posts.find(({ path }) => !path.endsWith(`redirected-${status}`));
          if (elsewhere !== undefined) fail("wrong-http", `a POST to ${elsewhere.path}`, elsewhere);
          if (!session.isOver) fail("no-answer", "the session does not go on there", session);
        }),
      ),
      step("Have the CPE come: it begins at its own URL again.", async (t) => {
        const session = await t.call();
        if (session.posts[0]!.path.includes("redirected")) fail("wrong-http", "still at the other URL", session);
      }),
    ],
    pass: "The whole session is at the other URL, the next one is not.",
  }),
  tr069({
    id: "session.redirect-loop",
    title: "Redirects that lead round in circles come to an end",
    clause: "3.4.6",
    objective: `At most ${REDIRECTS_MAX} redirects are followed; then the session has failed.`,
    preconditions: ["connection"],
    steps: [
      step("Answer each POST 302; count.", async (t) => {
        await t.calm();
        let redirects = 0;
        t.acs.gate = () => ({ status: 302, headers: { location: `${t.acsUrl}/${++redirects}` } });
        await t.knock(t.known.connection!);
        await t.until(() => redirects > REDIRECTS_MAX * 3, 4 * MS_PER_SECOND);
        t.acs.gate = () => undefined;
        if (redirects === 0) throw new CannotTest("the CPE does not come");
        if (redirects > REDIRECTS_MAX + 1) fail("flood", `${redirects} redirects followed`, t.log.last);
      }),
      step("The CPE comes again.", (t) => t.call()),
    ],
    pass: "It gives up, and comes again.",
  }),
];
