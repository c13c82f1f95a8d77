/**
 * @module
 * Enhanced objects keep a frame's attributes in functional groups (PS3.3 C.7.6.16); a single frame's are brought to the top.
 */
import { type Attributes, items } from "../attributes.ts";

/** The data set with what the functional groups of its only frame say, where the top level does not say it. */
export function frameAttributes(attributes: Attributes): Attributes {
  const groups = ["x52009229", "x52009230"] as const;
  const elements = { ...attributes.elements };
  for (const group of groups.flatMap((tag) => items(attributes, tag).slice(0, 1))) {
    for (const tag of Object.keys(group.elements)) {
      const [item] = items(group, tag as `x${string}`);
      for (const [inner, element] of Object.entries(item?.elements ?? {})) elements[inner] ??= element;
    }
  }
  return { ...attributes, elements };
}
