/**
 * @module
 * Mouse, finger and wheel on a viewport: drag moves, two fingers and the wheel zoom, the right button changes window and level.
 */
import { type Frame, panBy, type Viewpoint, zoomAt } from "./viewpoint.ts";

/** What gestures read and change; points are in the frame's viewport pixels. */
export type GestureTarget = {
  view(): Viewpoint;
  frame(): Frame;
  ratio(): number;
  look(view: Viewpoint): void;
  /** Movement of the right button, CSS pixels. */
  adjustWindow(dx: number, dy: number): void;
  activate(): void;
};

type Point = { x: number; y: number };

/** Listens on an element. @returns what ends that */
export function listenForGestures(element: HTMLElement, target: GestureTarget): () => void {
  const pointers = new Map<number, Point>();
  let windowing = false;

  const pointOf = (event: MouseEvent): Point => {
    const { left, top } = element.getBoundingClientRect();
    return { x: (event.clientX - left) * target.ratio(), y: (event.clientY - top) * target.ratio() };
  };
  const down = (event: PointerEvent) => {
    target.activate();
    if (event.pointerType === "mouse" && event.button === 1) return;
    windowing = event.button === 2;
    pointers.set(event.pointerId, pointOf(event));
    element.setPointerCapture(event.pointerId);
  };
  const move = (event: PointerEvent) => {
    const before = pointers.get(event.pointerId);
    if (!before) return;
    const now = pointOf(event);
    const others = [...pointers].filter(([id]) => id !== event.pointerId).map(([, point]) => point);
    pointers.set(event.pointerId, now);
    if (windowing) return target.adjustWindow((now.x - before.x) / target.ratio(), (now.y - before.y) / target.ratio());
    if (others.length === 0)
      return target.look(panBy(now.x - before.x, now.y - before.y, target.view(), target.frame()));
    const [other] = others;
    const apart = (point: Point) => Math.max(1, Math.hypot(point.x - other.x, point.y - other.y));
    const middle = (point: Point) => ({ x: (point.x + other.x) / 2, y: (point.y + other.y) / 2 });
    const [from, to] = [middle(before), middle(now)];
    const moved = panBy(to.x - from.x, to.y - from.y, target.view(), target.frame());
    target.look(zoomAt(to, apart(now) / apart(before), moved, target.frame()));
  };
  const up = (event: PointerEvent) => {
    pointers.delete(event.pointerId);
    windowing = false;
  };
  const wheel = (event: WheelEvent) => {
    event.preventDefault();
    const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : 1;
    target.look(zoomAt(pointOf(event), Math.exp(-event.deltaY * lines * 0.0018), target.view(), target.frame()));
  };
  const twice = (event: MouseEvent) =>
    target.look(zoomAt(pointOf(event), event.shiftKey ? 0.5 : 2, target.view(), target.frame()));
  const menu = (event: Event) => event.preventDefault();

  element.addEventListener("pointerdown", down);
  element.addEventListener("pointermove", move);
  element.addEventListener("pointerup", up);
  element.addEventListener("pointercancel", up);
  element.addEventListener("wheel", wheel, { passive: false });
  element.addEventListener("dblclick", twice);
  element.addEventListener("contextmenu", menu);
  return () => {
    element.removeEventListener("pointerdown", down);
    element.removeEventListener("pointermove", move);
    element.removeEventListener("pointerup", up);
    element.removeEventListener("pointercancel", up);
    element.removeEventListener("wheel", wheel);
    element.removeEventListener("dblclick", twice);
    element.removeEventListener("contextmenu", menu);
  };
}
