/**
 * @module
 * docs/reference/command-line.md: every command of `glam` with its options, as commander knows them.
 */
import type { Command, Option } from "commander";
import { glamProgram } from "../program.ts";
import { code, page, table } from "./markdown.ts";

export const commandLinePage = (): string =>
  page(
    "Command line",
    "For whoever runs `npx glam`. Every command, argument and option; `npx glam <command> --help` prints the same.",
    "In a checkout `npm ci` installs it. For other projects `npm run build:cli && npm pack ./dist/cli` makes a package, which needs Node 22.18 or later.",
    ...glamProgram().commands.flatMap((command) => sections(command, "glam")),
  );

/** One section a command that does something: a group without options of its own only has members. */
function sections(command: Command, above: string): string[] {
  const name = `${above} ${command.name()}`;
  const members = command.commands.flatMap((inner) => sections(inner, name));
  if (members.length > 0 && command.options.length === 0) return members;
  const words = command.registeredArguments.map((one) => (one.variadic ? `<${one.name()}...>` : `<${one.name()}>`));
  const takes = command.registeredArguments.map((one) => [code(`<${one.name()}>`), one.description, ""]);
  const options = command.options.filter(({ hidden }) => !hidden).map(row);
  const rows = [...takes, ...options];
  return [
    `## \`${[name, ...words].join(" ")}\``,
    sentence(command.description()),
    ...(rows.length === 0 ? [] : [table(["argument, option", "meaning", "default"], rows)]),
    ...members,
  ];
}

function row(option: Option): string[] {
  const choices = option.argChoices ? ` (${option.argChoices.map(code).join(", ")})` : "";
  const needed = option.mandatory ? "needed" : "";
  const standard = option.defaultValue === undefined ? needed : code(option.defaultValue);
  return [code(option.flags), `${option.description}${choices}`, standard];
}

function sentence(text: string): string {
  const upper = text.charAt(0).toUpperCase() + text.slice(1);
  return upper.endsWith(".") ? upper : `${upper}.`;
}
