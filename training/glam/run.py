"""A resumable training run: checkpoints that replace each other atomically, a log, and curves as a picture."""

import json
import os
import pathlib
import time

import numpy as np
import torch


class Run:
    """State of one stage in `folder`: `state.pt` to resume from, `log.jsonl`, `curves.png`."""

    def __init__(self, folder, modules, seed=0):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.modules = modules
        self.step = 0
        self.history = []
        self.random = np.random.default_rng(seed)
        self.saved = time.monotonic()

    def resume(self):
        """Goes on where the last checkpoint was written; returns whether there was one."""
        path = self.folder / "state.pt"
        if not path.exists():
            return False
        state = torch.load(path, map_location="cpu")
        for name, module in self.modules.items():
            module.load_state_dict(state["modules"][name])
        self.step, self.history = state["step"], state["history"]
        self.random.bit_generator.state = state["numpy"]
        torch.set_rng_state(state["torch"])
        return True

    def save(self):
        save_atomically({
            "modules": {name: module.state_dict() for name, module in self.modules.items()},
            "step": self.step,
            "history": self.history,
            "numpy": self.random.bit_generator.state,
            "torch": torch.get_rng_state(),
        }, self.folder / "state.pt")
        if self.history:
            plot(self.history, self.folder / "curves.png")
        self.saved = time.monotonic()

    def save_now_and_then(self, seconds=180):
        if time.monotonic() - self.saved > seconds:
            self.save()

    def record(self, **values):
        """One line of progress, in the log, on the screen and with the next checkpoint in the picture."""
        self.history.append({"step": self.step, **values})
        with open(self.folder / "log.jsonl", "a", encoding="utf-8") as file:
            file.write(json.dumps(self.history[-1]) + "\n")
        print("  ".join(f"{key} {value:.4g}" for key, value in self.history[-1].items()), flush=True)


def save_model(model, folder):
    """`glam.pt`: the state_dict of both networks, on the CPU."""
    save_atomically({name: value.cpu() for name, value in model.state_dict().items()}, folder / "glam.pt")


def save_atomically(value, path):
    part = path.with_suffix(".part")
    torch.save(value, part)
    os.replace(part, path)


def plot(history, path):
    """Every recorded value over the steps, where matplotlib is installed: losses above, areas under the curve below."""
    try:
        import matplotlib
    except ImportError:
        return
    matplotlib.use("Agg")
    from matplotlib import pyplot

    keys = sorted({key for entry in history for key in entry} - {"step", "seconds"})
    areas = [key for key in keys if key.startswith("auc")]
    # A stage that is validated once has one point of each area, which no line shows.
    panels = [[key for key in keys if key not in areas]] + ([areas] if areas else [])
    figure, axes = pyplot.subplots(len(panels), 1, figsize=(7, 3 * len(panels)), sharex=True, squeeze=False)
    for axis, names in zip(axes[:, 0], panels):
        for key in names:
            axis.plot(*zip(*[(entry["step"], entry[key]) for entry in history if key in entry]), marker=".", label=key)
        if names is areas:
            axis.set_ylim(0.4, 1.01)
        else:
            axis.set_yscale("log")
        axis.grid(alpha=0.3)
        axis.legend(fontsize=8)
    axes[-1, 0].set_xlabel("step")
    figure.tight_layout()
    figure.savefig(path, dpi=80)
    pyplot.close(figure)
