/**
 * @module
 * What a caller wants of JSON and a stream of events, by the qualities of `Accept` (RFC 9110 section 12.5.1).
 */

type Range = { type: string; quality: number };

/** Media ranges in lower case; a quality that is no number counts as 1. */
function readAccept(accept: string): Range[] {
  return accept.split(",").map((range) => {
    const [type, ...parameters] = range.split(";").map((part) => part.trim().toLowerCase());
    const quality = parameters.find((parameter) => /^q\s*=/.test(parameter))?.replace(/^q\s*=\s*/, "");
    return {
      type,
      quality: quality !== undefined && /^(?:[01](?:\.\d*)?|\.\d+)$/.test(quality) ? Math.min(1, Number(quality)) : 1,
    };
  });
}

/** The quality of the narrowest range that a type lies in; 0 when it lies in none. */
function qualityOf(ranges: Range[], type: string): number {
  const wider = [type, `${type.split("/")[0]}/*`, "*/*"];
  return wider.map((name) => ranges.find((range) => range.type === name)).find(Boolean)?.quality ?? 0;
}

/** Whether the caller asks for a stream: names it, does not refuse it and wants JSON no more than it. */
export function wantsEvents(accept: string | undefined): boolean {
  const ranges = readAccept(accept ?? "");
  const events = ranges.find(({ type }) => type === "text/event-stream")?.quality ?? 0;
  return events > 0 && events >= qualityOf(ranges, "application/json");
}
