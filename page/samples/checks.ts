/**
 * @module
 * Texts that are names of views and kinds of lesions.
 */
import { type LesionKind, type View, views } from "../../src/phantom/index.ts";

export const isView = (text: string): text is View => (views as readonly string[]).includes(text);

export const isLesionKind = (text: string): text is LesionKind => text === "benign" || text === "malignant";
