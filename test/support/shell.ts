/**
 * @module
 * Commands of the documents in a shell that stops at the first error.
 */
import { type ExecFileOptionsWithStringEncoding, execFile } from "node:child_process";
import { promisify } from "node:util";

/** What the commands print. Node's pipes are sockets, and a shell that takes one for a remote login would read bashrc. */
export const runShell = (commands: string, options: Omit<ExecFileOptionsWithStringEncoding, "encoding">) =>
  promisify(execFile)("bash", ["--norc", "-euo", "pipefail", "-c", commands], { ...options, encoding: "utf8" });
