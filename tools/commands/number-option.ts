/**
 * @module
 * Numbers on the command line.
 */
import { InvalidArgumentError } from "commander";

/** @returns a parser that refuses what is not a number from `low` to `high` */
export const between =
  (low: number, high: number, integer: boolean) =>
  (text: string): number => {
    const value = Number(text);
    if (text.trim() === "" || !(value >= low && value <= high) || (integer && !Number.isInteger(value))) {
      throw new InvalidArgumentError(`It must be ${integer ? "an integer" : "a number"} from ${low} to ${high}.`);
    }
    return value;
  };
