/**
 * @module
 * Checks a command of the documentation without running it: programs, scripts and files exist, flags are known.
 */
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./blocks.ts";

const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { scripts: Record<string, string> };
const benchmarks = readFileSync(join(root, "bench/main.ts"), "utf8");
const helps = new Map<string, string>();

/** What `--help` says, once for each command. */
function help(program: string, words: string[]): string {
  const key = [program, ...words].join(" ");
  const file = program === "glam" ? "tools/glam.ts" : "node_modules/wrangler/bin/wrangler.js";
  const known =
    helps.get(key) ??
    execFileSync(process.execPath, [join(root, file), ...words, "--help"], { cwd: root, encoding: "utf8" });
  helps.set(key, known);
  return known;
}

function* unknownFlags(program: string, words: string[]): Generator<string> {
  const first = words.findIndex((word) => !/^[a-z][a-z0-9]*$/.test(word));
  const commands = words.slice(0, first === -1 ? words.length : first);
  // `put API_KEYS` ends the command, and so does a flag.
  const text = help(program, commands);
  if (commands.length > 0 && !new RegExp(`${program} ${commands.join(" ")}\\b`).test(text)) {
    yield `${program} ${commands.join(" ")} is no command`;
  }
  for (const word of words) {
    const [flag] = word.split("=");
    if (/^--[a-z]/.test(flag) && !new RegExp(`${flag}(?![a-z-])`).test(text)) yield `${program}: ${flag} is no option`;
  }
}

/** Where options of several scripts are declared. */
const shared = readdirSync(join(root, "training/glam"))
  .filter((name) => name.endsWith(".py"))
  .map((name) => `training/glam/${name}`);

function* pythonProblems(words: string[]): Generator<string> {
  const [script, ...values] = words;
  const path = join(root, script);
  if (!existsSync(path)) {
    // Scripts that a page asks to save are run.
    if (!["segment.py", "export.py", "judge.py", "folder.py"].includes(script)) yield `${script} does not exist`;
    return;
  }
  const compile = "import sys; compile(open(sys.argv[1]).read(), sys.argv[1], 'exec')";
  execFileSync("python3", ["-c", compile, path]);
  const text = [script, ...shared].map((file) => readFileSync(join(root, file), "utf8")).join("\n");
  for (const word of values) {
    if (/^training\/\w+\.json/.test(word) && !existsSync(join(root, word))) yield `${word} does not exist`;
    if (word.startsWith("--") && !text.includes(`"${word}"`)) yield `${script}: ${word} is no option`;
  }
}

function* vitestProblems(words: string[]): Generator<string> {
  const config = readFileSync(join(root, "vitest.config.ts"), "utf8");
  const project = words[words.indexOf("--project") + 1];
  if (!config.includes(`name: "${project}"`)) yield `vitest has no project ${project}`;
  for (const word of words.slice(words.indexOf("--project") + 2)) {
    if (!existsSync(join(root, word))) yield `${word} does not exist`;
  }
}

/** Programs outside this repository. */
const foreign = ["curl", "apt-get", "dciodvfy", "dcm2pnm"];

const expand = (text: string, variables: ReadonlyMap<string, string>): string =>
  text.replace(/\$([A-Za-z_]+)/g, (whole, name: string) => variables.get(name) ?? whole);

/** @returns what is wrong with one command; nothing when it is valid */
export function* commandProblems(command: string, variables: Map<string, string>): Generator<string> {
  const assigned = /^([A-Za-z_]+)=(?:"([^"]*)"|([^\s"]*))$/.exec(command);
  if (assigned) {
    variables.set(assigned[1], expand(assigned[2] ?? assigned[3], variables));
    return;
  }
  // What a command substitution holds is run, not read.
  if (/^[A-Za-z_]+=\$\(/.test(command) || command.startsWith("-d ") || command.startsWith("sed ")) return;
  if (/^for \w+ in /.test(command) || command === "done") return;
  const words = expand(command.replace(/^do /, ""), variables)
    .split(/\s+/)
    .filter((word) => !/^[A-Z]+=/.test(word));
  const [program, ...rest] = words;
  if (program === "npx" && rest[0] === "glam") yield* unknownFlags("glam", rest.slice(1));
  else if (program === "npx" && rest[0] === "wrangler") yield* unknownFlags("wrangler", rest.slice(1));
  else if (program === "npx" && rest[0] === "vitest") yield* vitestProblems(rest);
  else if (program === "npm" && rest[0] === "run") {
    if (!(rest[1] in scripts)) yield `npm run ${rest[1]} is no script`;
    if (rest[1] === "bench" && !benchmarks.includes(`"${rest[3]}"`)) yield `there is no benchmark ${rest[3]}`;
    if (rest[1] === "glam") yield* unknownFlags("glam", rest.slice(3));
  } else if (program === "npm") {
    if (!["ci", "test", "pack", "install"].includes(rest[0])) yield `npm ${rest[0]} is not known here`;
  } else if (program === "python3") yield* pythonProblems(rest);
  else if (!foreign.includes(program)) yield `${program} is not known here`;
}
