#!/usr/bin/env python3
"""Draws what `glam evaluate … --json` printed: how far scores can be believed, and what a mark costs in false marks.

python3 training/plot_evaluation.py NAME=REPORT [NAME=REPORT ...] --out FILE.png

A report is a file whose last line is the JSON object; the first one's scores are drawn.
"""

import argparse
import json
import pathlib

import matplotlib

matplotlib.use("Agg")
from matplotlib import pyplot  # noqa: E402

COLOURS = {"benign": "tab:blue", "malignant": "tab:orange"}


def draw_calibration(axis, report):
    """Share of images that have the class over the mean score, by bin; areas of points by number of images."""
    axis.plot((0, 1), (0, 1), color="grey", linewidth=1)
    for name, colour in COLOURS.items():
        plain = report["calibration"][name]
        for bins, style, label in ((plain["bins"], "-", name), (plain.get("calibrated", {}).get("bins", []), ":", f"{name}, calibrated")):
            x, y = [one["meanScore"] for one in bins], [one["positiveShare"] for one in bins]
            axis.plot(x, y, style, color=colour, label=label)
            axis.scatter(x, y, [4 * one["count"] ** 0.5 for one in bins], color=colour)
    axis.set(xlabel="mean score of the bin", ylabel="share of images that have the class")
    axis.legend(fontsize=8)


def draw_free_response(axis, reports):
    for (name, report), style in zip(reports, ("-", "--", ":", "-.")):
        for kind, colour in COLOURS.items():
            points = report["freeResponse"][kind]
            axis.plot([one["falseMarks"] for one in points], [one["sensitivity"] for one in points],
                      style, color=colour, marker=".", label=f"{name}, {kind}")
    axis.set(xlabel="false marks an image", ylabel="share of lesions found", xscale="log", ylim=(0, 1.02))
    axis.set_xticks([one["falseMarks"] for one in points], labels=[f"{one['falseMarks']:g}" for one in points])
    axis.minorticks_off()
    axis.legend(fontsize=8, loc="center left", bbox_to_anchor=(1, 0.5))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("reports", nargs="+", metavar="NAME=REPORT")
    parser.add_argument("--out", required=True)
    args = parser.parse_args()
    reports = []
    for one in args.reports:
        name, _, path = one.partition("=")
        reports.append((name, json.loads(pathlib.Path(path).read_text(encoding="utf-8").strip().splitlines()[-1])))
    figure, axes = pyplot.subplots(1, 2, figsize=(12, 4.5))
    draw_calibration(axes[0], reports[0][1])
    axes[0].set_title(f"Scores of {reports[0][0]}")
    draw_free_response(axes[1], reports)
    axes[1].set_title("Marks")
    for axis in axes:
        axis.grid(alpha=0.3)
    figure.tight_layout()
    figure.savefig(args.out, dpi=90)


if __name__ == "__main__":
    main()
