/** What stands behind each command's help and in the man page: calls to copy, and what the exit codes say. */

/** A call, and what it shows. */
export type Example = readonly [call: string, shows: string];

const PACK =
  "poncast pack fw.bin --key me.key.pem --image-version 1.2.3 --product-code PONCAST-ONT --hardware HW-1 --out fw.bundle";
const NIGHT =
  "poncast size --pons 16 --onts 128 --image-size 32MiB --rate 2% --loss 0.1% --feed 1Gbit/s --window 02:00-05:00";
const SECTION = "0004530a00070001ff000f4240";

/** By the command's words; "" is `poncast` alone. */
export const EXAMPLES: Readonly<Record<string, readonly Example[]>> = {
  "": [
    ["poncast run", "the default scenario: 128 ONTs, 8 MiB, 1 % loss"],
    ["poncast run --onts 32 --mode unicast", "plain G.988, one ONT at a time or several"],
    ["poncast run scenarios/bad-firmware.yaml", "a scenario of your own or one of the presets"],
    ["poncast size --onts 128 --image-size 32MiB --loss 0.1%", "how long, how many bytes, which share of the line"],
    ["poncast keygen me", "me.key.pem signs, me.pub.pem is for the ONTs"],
    [PACK, "a signed bundle"],
    [`poncast decode ${SECTION}...`, "what a frame says"],
  ],
  run: [
    ["poncast run dying-ont --virtual", "a preset, in virtual time"],
    ["poncast run my.yaml --seed 7 --json > result.json", "a scenario of your own, with other random numbers"],
    [
      "poncast run --onts 8 --pcap night.pcapng --out night",
      "with a capture of all frames; the rest in a folder of that name",
    ],
    ["poncast run default --virtual --speed 1 --ui", "with a live page, in virtual time as slow as a clock"],
    ["poncast run headend.yaml --virtual --threads 4", "many ports, on four cores: the same record, to the byte"],
    [
      "poncast run --pons 4 --join-port 7000 --interface eth0 --pon-key pon.key",
      "one port here, three on hosts that join by `poncast olt --join`",
    ],
    ["poncast run --onts 8 --pcap --out night", "with a capture of all frames, in a folder of that name"],
  ],
  olt: [
    ["poncast olt --onts 2", "waits for two ONTs that are started with `poncast ont`"],
    [
      "poncast olt --join 10.66.0.1:7000 --interface eth0 --pon-key pon.key",
      "brings a port to the run that is owned there",
    ],
  ],
  ont: [
    ["poncast ont --onts 2", "two ONTs for an OLT that is started with `poncast olt`"],
    [
      "poncast ont --onts 1 --olt 127.0.0.1:5000 --key me.pub.pem --diagnostic",
      "one whose boot loader waits for `poncast recover`",
    ],
  ],
  control: [
    ["poncast control night pause", "the run in that folder, started with --control, sends no sections"],
    ["poncast control night rate 40Mbit/s", "another share of the line"],
  ],
  ui: [
    ["poncast ui", "the runs in ./runs, those that go on and those that are over, in a browser"],
    ["poncast ui night", "the run in that folder, whoever started it"],
  ],
  top: [
    ["poncast top night", "the run in that folder on this terminal, whoever started it"],
    ["poncast top 127.0.0.1:8080", "the run whose page is served there, by --ui 127.0.0.1:8080"],
  ],
  sweep: [
    ["poncast sweep recovery.yaml --out study", "all combinations and seeds, on all cores"],
    ["poncast sweep recovery.yaml --out part1 --shard 1/2", "half of it, on this machine"],
    ["poncast sweep recovery --engine redis://queue.example", "by workers on other machines, which may come and go"],
    ["poncast sweep recovery --engine slurm --tasks 100", "as an array of Slurm, submitted and followed"],
    ["poncast sweep recovery --engine kubernetes --claim sweeps/recovery", "the file of an indexed job"],
    ["poncast sweep recovery.yaml --out study --bundle paper.zip", "and an archive from which others make it again"],
    ["poncast sweep windows --until 2%", "as many seeds as it takes for intervals within 2 % of the mean"],
  ],
  report: [["poncast report night", "night/report.html"]],
  export: [
    ["poncast export night", "the run in that folder as tables, in night/data"],
    ["poncast export study --format csv --out for-r", "the runs of a sweep, for programs that read no Parquet"],
    ["poncast export night --frames night.pcapng", "and every frame of its capture"],
  ],
  plot: [
    ["poncast plot study --theory", "of a sweep: copies by what was varied, the model's curves over it"],
    [
      "poncast plot study --x loss --y download_seconds --series case --width 170mm --out fig3.pdf",
      "any column of docs/data.md, in the size of a page",
    ],
    ["poncast plot night morning", "of runs: which share of the ONTs was done when"],
  ],
  trace: [],
  "trace fit": [
    [
      "poncast trace fit losses.txt",
      "independent, Gilbert, Gilbert-Elliott: parameters with intervals, how well each fits",
    ],
    ["poncast trace fit rtt.csv --latency", "and of latencies"],
  ],
  "trace convert": [["poncast trace convert iperf.pcapng --out losses.txt", "gaps of a steady stream as a lossTrace"]],
  campaign: [],
  "campaign plan": [["poncast campaign plan night-campaign", "who is updated when, by which road"]],
  scenario: [],
  "scenario explain": [
    ["poncast scenario explain olt.catchUp", "what it says, what is allowed, what it is when left out"],
    ["poncast scenario explain", "all fields, a line each"],
  ],
  size: [
    ["poncast size --onts 128 --image-size 32MiB --loss 0.1%", "time, bytes, share of the line"],
    ["poncast size --compare", "unicast and each recovery side by side"],
    ["poncast size --within 4h", "which rate is needed, and how many ONTs fit"],
    [NIGHT, "whether it fits the night, by multicast and by unicast, at what rate of each port and of the feed"],
    ["poncast size --check", "the model beside runs in virtual time"],
  ],
  serve: [
    ["poncast serve images", "the newest of these bundles, on this machine only; prints its token"],
    ["poncast serve images --cert depot.cert.pem --key depot.key.pem --staple depot.ocsp", "over HTTPS, with a staple"],
    ["poncast serve images --window 02:00-05:00 --rate 200Mbit/s", "installed at night, with a limit on all downloads"],
  ],
  acs: [
    ["poncast acs images", "the newest of these bundles, on this machine only; prints its token"],
    ["poncast acs --password-for 00D09E-PC%2DONT%2D1-PCST00000001", "what this device has to show"],
    ["poncast acs images --pki pki --window 02:00-05:00", "over HTTPS with a staple, installed at night"],
    [`poncast acs --task '{"method": "GetRPCMethods"}'`, "what each new device can do, and no updates"],
  ],
  recover: [
    [
      "poncast recover fastboot://192.0.2.7 --image fw.bundle",
      "sent, read back, made active, restarted, and seen to boot",
    ],
    [
      "poncast recover ymodem:/dev/ttyUSB0 --image fw.bundle --log case.log",
      "on a serial line, with a log for whoever helps",
    ],
    ["poncast recover tftp://192.0.2.7 --image fw.bundle --dry-run", "whether it would fit; nothing is changed"],
  ],
  keygen: [["poncast keygen me", "me.key.pem and me.pub.pem"]],
  pack: [
    [PACK, "fw.bundle, signed"],
    [`${PACK} --zip update.zip`, "and an archive with it for devices that are not online"],
    [
      "poncast pack --variant HW-1,HW-2=arm.bin,arch=arm --variant HW-3=mips.bin,arch=mips-be --key me.key.pem --image-version 1.2.3 --product-code PONCAST-ONT --out fw.bundle",
      "one bundle of two payloads; an ONT takes its own",
    ],
  ],
  inspect: [["poncast inspect fw.bundle", "what it says of itself"]],
  verify: [["poncast verify fw.bundle --key me.pub.pem --hardware HW-1", "as an ONT of that hardware checks it"]],
  pki: [],
  "pki init": [["poncast pki init --out pki", "an authority in the folder pki"]],
  "pki issue": [
    ["poncast pki issue depot.test --pki pki --ip 127.0.0.1 --must-staple", "for a server that has to staple"],
    ["poncast pki issue ont-1 --pki pki --client", "for a client"],
  ],
  "pki revoke": [["poncast pki revoke pki/depot.test.cert.pem --pki pki", "from the next staple on"]],
  "pki staple": [
    ["poncast pki staple pki/depot.test.cert.pem --pki pki --hours 12 --out depot.ocsp", "good for half a day"],
  ],
  delta: [],
  "delta make": [
    ["poncast delta make old.bundle new.bundle --key me.key.pem --out d.bundle", "a delta, signed as a bundle"],
    [
      "poncast delta make old.bundle new.bundle --hardware HW-3 --key me.key.pem --out mips.bundle",
      "of bundles with several payloads",
    ],
  ],
  "delta apply": [
    ["poncast delta apply old.bundle d.bundle --key me.pub.pem --out again.bundle", "the new bundle, bit for bit"],
  ],
  "delta inspect": [["poncast delta inspect d.bundle", "from what, to what, how large, whether it pays"]],
  config: [],
  "config plan": [["poncast config plan old.json new.bundle", "what the image would change, keep and refuse"]],
  decode: [
    [`poncast decode ${SECTION}...`, "one frame, field by field"],
    ["poncast decode trace.pcapng --warnings", "only what is wrong in a capture"],
    ["poncast decode olt.log --extract fw.bin", "the image that was downloaded in a log"],
  ],
  journal: [["poncast journal night/journal.binpb", "every event of a run, in order"]],
  conform: [],
  "conform ont": [
    ["poncast conform ont --self", "the cases, on our own ONT"],
    ["poncast conform ont udp://192.0.2.7:5000 --image new.img --only 'start.*'", "some of them, on yours"],
    ["poncast conform ont exec:./my-ont --image new.img --junit r.xml", "on a program that speaks on its streams"],
    [
      "poncast conform ont openolt://127.0.0.1:50060 --image new.img --restart-command ./start-server",
      "behind an OpenOLT server, started again where a case ends it",
    ],
  ],
  "conform olt": [
    ["poncast conform olt --listen 127.0.0.1:5000", "an ONT that waits for your OLT and judges it"],
    [
      "poncast conform olt --onts 2 --image new.bundle --key maker.pub.pem --flash 200kB/s --for 30min",
      "two that take a signed image, and are slow to store it",
    ],
  ],
  "conform cpe": [
    ["poncast conform cpe --self", "the cases, on our own CPE in virtual time"],
    ["poncast conform cpe --listen 192.0.2.1:7549 --image new.img --har sessions", "on yours, which is pointed there"],
    [
      "poncast conform cpe http://192.0.2.7:7547/path --connection-username acs --connection-password secret --only 'download.*'",
      "some of them, on one that is asked to come",
    ],
  ],
  "conform acs": [
    ["poncast conform acs --self", "the cases, on our own ACS"],
    ["poncast conform acs https://acs.example:7548/acs --username u --password p --junit r.xml", "on yours"],
  ],
  "verify-report": [["poncast verify-report report.json --key me.pub.pem", "whether the signature holds"]],
  "sweep work": [
    ["poncast sweep work sweeps/recovery --engine redis://queue.example", "a worker that shares the sweep's folder"],
    [
      "poncast sweep work recovery.yaml --engine redis://queue.example --out part7",
      "one that shares nothing; its folder is for `poncast sweep merge`",
    ],
  ],
  "sweep compare": [
    ["poncast sweep compare study", "copies of each way beside the first, seed by seed, with intervals"],
    ["poncast sweep compare study --by case --against parity --figure downloadSeconds", "another figure and way"],
  ],
  "sweep merge": [["poncast sweep merge part1 part2 --out study", "one study, with its statistics"]],
  completion: [["poncast completion bash > ~/.local/share/bash-completion/completions/poncast", "for the next shell"]],
};

/** Exit codes of all commands, and what each says. */
export const EXIT_CODES: readonly (readonly [number, string])[] = [
  [0, "all as expected"],
  [1, "an outcome was missed, a check failed, or the machine could not do it"],
  [2, "bad input: one line says what, where, and what is allowed; nothing was touched"],
  [130, "interrupted; what was recorded is kept"],
];

/** What a command's codes say where that is more. */
const CODES_OF: Readonly<Record<string, Readonly<Record<number, string>>>> = {
  "conform ont": {
    0: "every case passed or is not applicable",
    1: "one failed, was skipped, or the target died in it",
  },
  "conform cpe": { 0: "every case passed or is not applicable", 1: "one failed, or was skipped" },
  "conform acs": { 0: "every case passed or is not applicable", 1: "one failed, or was skipped" },
  "conform olt": { 0: "no rule broken, and every OLT got to what --expect names", 1: "otherwise" },
  "delta apply": { 1: "refused, and why; nothing was written" },
  "config plan": { 1: "the image would refuse the configuration" },
  recover: {
    0: "the image is there, and boots where the device can show it",
    1: "the device or the road refused, and why; the same command goes on",
  },
  "sweep work": {
    0: "nothing is left",
    130: "asked to leave; what had begun is done",
  },
  serve: { 0: "stopped, by Ctrl-C or SIGTERM; what is known of devices is kept" },
  acs: { 0: "stopped, by Ctrl-C or SIGTERM; what is known of devices is kept" },
  ui: { 0: "stopped, by Ctrl-C or SIGTERM" },
  top: { 0: "the run is over and went as expected", 1: "it did not, or its runner is gone" },
  decode: { 1: "no OMCI frame is in it", 2: "it cannot be read, or bad options" },
};

const COLUMNS_MAX = 60;

/** The end of a command's help. */
export function helpEnd(words: string): string {
  const examples = EXAMPLES[words] ?? [];
  const width = Math.min(COLUMNS_MAX, Math.max(0, ...examples.map(([call]) => call.length)));
  // What a call shows stands beside it, or below where it is long.
  const lines = examples.map(([call, shows]) =>
    call.length > width ? `  ${call}\n  ${" ".repeat(width)}  ${shows}` : `  ${call.padEnd(width)}  ${shows}`,
  );
  const own = CODES_OF[words] ?? {};
  const codes = EXIT_CODES.map(([code, says]) => `  ${code.toString().padEnd(5)}${own[code] ?? says}`);
  const parts = [lines.length > 0 ? ["Examples:", ...lines, ""] : [], ["Exit codes:", ...codes]];
  return `\n${parts.flat().join("\n")}`;
}
