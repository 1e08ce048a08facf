/** The help texts of the commands. */
import { KERNELS } from '../../kernel/catalogue';

/** Newest first. */
const REAL_KERNELS = KERNELS.map(({ name }) => name)
  .reverse()
  .join('|');

export const HELP = `gmemscope: scenarios of KVM guest memory, run on a simulated kernel

  gmemscope run FILE.gmem…          print what each statement does
    --json                          print one JSON object per line (docs/language.md)
    --scenario TITLE                only the scenario with that title
    --annotate                      the scenario, with outcomes as comments below statements
    --color auto|always|never       colours; also NO_COLOR and FORCE_COLOR
  gmemscope test FILE|FOLDER|GLOB…  whether statements do what is expected behind \`=>\`
    --update                        rewrite the expectations that are not met
    --add                           expectation something of statements without an expectation, too
    --format text|tap|junit|json    text unless said otherwise
    --json                          one JSON object (docs/language.md); as --format json
    --output FILE                   the report, instead of standard output
    --coverage[=FOLDER]             which steps of the kernel the scenarios reach: lcov.info and
                                    listings in the folder \`coverage\`, or in FOLDER
  gmemscope explore FILE|FOLDER…    try every order of the calls of each \`race\` (docs/exploring.md)
    --witness N                     print the order with that number as a scenario
    --json                          one JSON object per race
    --max-states N                  give up after N states; 5000000 unless said otherwise
    --minimise                      the race without what it does not need to go wrong
    --each                          what breaks without each step and each lock of the kernel
    --without STEP|LOCK,…           what breaks without these, one at a time
    --full                          without the reduction: every step is a move of its own
    --scenario TITLE                only the scenario with that title
    --shard K/N                     the Kth of N parts of the list of races
    --merge REPORT.jsonl…           one report from those of all shards
  gmemscope doc check DOC…          whether documents show what the simulator says (docs/documents.md)
  gmemscope doc update DOC…         rewrites what they show
    --root FOLDER                   files outside of it are not read (this folder unless said otherwise)
  gmemscope render FILE.gmem        a figure of a statement: file, slots, gfns, what was zapped
    --scenario TITLE                which one, of several that share the statement
    --step N|line:N                 the Nth statement, or the one on a line; else the last
    --show change|state             what it changed (default), or the state after it alone
    --schedule                      the steps of calls that overlap, a column for each task
    --witness N                     of a race, the order with that number (gmemscope explore)
    --format ascii|svg|html|json    else as --output ends, else ascii
    --json                          one JSON object (docs/language.md); as --format json
    --width PIXELS                  of svg and html, 480 to 2000; else 700 (docs/figures.md)
    --output FILE                   instead of standard output
  gmemscope fmt FILE|FOLDER|GLOB…|- rewrite scenarios in columns, as the editor formats them
    -                               standard input, to standard output
    --check                         only say which are not formatted
    --no-align                      one space between words instead of columns
  gmemscope compare FILE.gmem…      which statements do something else on another kernel
    --kernel NAME [--with KNOB VARIANT]…  once or twice; the scenario's own, and the other
                                    real one, are compared where nothing else is said
    --exact                         the order of SPTE changes and the bits of leaves count, too
    --json                          one JSON object a line (docs/language.md)
    --scenario TITLE
  gmemscope verify FILE.gmem…       compare the simulator with a real kernel in QEMU
    --kernel ${REAL_KERNELS}   instead of the scenario's own kernel
  gmemscope record FILE.gmem…       record what a real kernel does
    --kernel ${REAL_KERNELS}
    --output FILE.jsonl             write there instead of standard output
  gmemscope lsp [--stdio]           start the language server (docs/editors.md)
  gmemscope dap [--stdio]           start the debug adapter
  gmemscope help                    print this text
  gmemscope --version

Exit status: 0 done, 1 a file cannot be read or has errors, an expectation fails, a file is not
formatted, kernels differ, or an editor disconnects unexpectedly, 2 wrong command line.
A call that KVM refuses is an outcome: it does not change the exit status.`;

const [TITLE, USAGE, STATUS] = HELP.split('\n\n') as [string, string, string];

/** A command of the text with the lines of its options. */
const ENTRIES = USAGE.split(/\n(?= {2}gmemscope )/);

/** The part of the text about one command; null if there is no such command. */
export function helpOf(command: string): string | null {
  const own = ENTRIES.filter((entry) => entry.trim().split(/\s+/)[1] === command);
  return own.length === 0 ? null : [TITLE, own.join('\n'), STATUS].join('\n\n');
}

/** Whether the arguments of a command ask for its help; after `--` there are only file names. */
export function asksForHelp(args: readonly string[]): boolean {
  const end = args.indexOf('--');
  return args.slice(0, end < 0 ? undefined : end).some((one) => one === '--help' || one === '-h');
}
