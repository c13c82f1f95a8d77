/**
 * @module
 * Starts the page.
 */
import { render } from "preact";
import { createSession } from "../state/session.ts";
import { connectWorker } from "../worker/connection.ts";
import { App } from "./app.tsx";

const script = document.querySelector<HTMLMetaElement>('meta[name="glam-worker"]')?.content;
const root = document.getElementById("app");
if (!script || !root) throw new Error("The page's document is not the one that was built with it.");

const session = createSession(connectWorker(script));
render(<App session={session} />, root);
void session.connect();
