/**
 * @module
 * A value that components watch.
 */
import { useLayoutEffect, useState } from "preact/hooks";

/** Holds one immutable value; an update replaces it. */
export type Store<S> = {
  get(): S;
  update(change: (state: S) => S): void;
  /** @returns what ends the subscription */
  subscribe(listener: () => void): () => void;
};

export function createStore<S>(initial: S): Store<S> {
  let state = initial;
  const listeners = new Set<() => void>();
  return {
    get: () => state,
    update(change) {
      const next = change(state);
      if (next === state) return;
      state = next;
      for (const listener of [...listeners]) listener();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** The store's value; renders again when it changes. */
export function useStore<S>(store: Store<S>): S {
  const [state, setState] = useState(store.get());
  useLayoutEffect(() => {
    const read = () => setState(() => store.get());
    read();
    return store.subscribe(read);
  }, [store]);
  return state;
}
