import { describe, expect, test } from "vitest";
import { numbersOf, runPython } from "../test/support/python.ts";

/** `folder`: two packed sets of small canvases, crops, and the checkpoint `start.pt`; `train(recipe)` runs them through `training/train.py`. */
const setUp = [
  "say = lambda *numbers: print(*map(float, numbers), sep='\\n')",
  "import contextlib, io, json, pathlib, sys, tempfile",
  "import numpy as np, torch",
  "import train as script",
  "from glam.model import Glam",
  "folder = pathlib.Path(tempfile.mkdtemp())",
  "spec = json.load(open('../specs/glam-tiny.json'))",
  "height, width = spec['canvas']['height'], spec['canvas']['width']",
  "random = np.random.default_rng(1)",
  "def pack(name, count, part):",
  "    (folder / name).mkdir()",
  "    images = random.integers(1, 120, (count, height, width)).astype(np.uint8)",
  "    places, rows = [], ['index,patient,view,scanner,benign,malignant,part']",
  "    for n in range(count):",
  "        kind = ('benign', 'malignant', 'normal')[n % 3]",
  "        row, col = random.integers(40, height - 40), random.integers(24, width - 24)",
  "        if kind != 'normal': images[n, row - 10:row + 10, col - 10:col + 10] = 200 if kind == 'benign' else 250",
  "        places.append([] if kind == 'normal' else [{'kind': kind, 'cx': int(col), 'cy': int(row), 'rx': 10, 'ry': 10}])",
  "        rows.append(f\"{n},{name}-{n},L-CC,{'AB'[n % 2]},{int(kind == 'benign')},{int(kind == 'malignant')},{part[n % len(part)]}\")",
  "    images.tofile(folder / name / 'images.u8')",
  "    (folder / name / 'places.json').write_text(json.dumps(places))",
  "    (folder / name / 'labels.csv').write_text('\\n'.join(rows) + '\\n')",
  "    (folder / name / 'dataset.json').write_text(json.dumps({'height': height, 'width': width}))",
  "pack('films', 18, ['train', 'train', 'val']), pack('phantoms', 9, ['train'])",
  "(folder / 'crops').mkdir()",
  "random.integers(60, 250, 8 * 30 * 30).astype(np.uint8).tofile(folder / 'crops/crops.u8')",
  "(folder / 'crops/crops.csv').write_text('offset,width,height,patient,label,type\\n' + ''.join(f\"{900 * n},30,30,p{n},{('benign', 'malignant')[n % 2]},mass\\n\" for n in range(8)))",
  "torch.manual_seed(0)",
  "torch.save(Glam(spec).state_dict(), folder / 'start.pt')",
  "common = dict(learningRate=1e-3, weightDecay=0.05, warmup=1, report=2, validate=4, room=10, pooledCells=4)",
  "def train(stages, out='run'):",
  "    recipe = dict(spec='glam-tiny', seed=1, look='canvas', init=str(folder / 'start.pt'), sets=['films', 'phantoms'], crops='crops', stages=stages)",
  "    (folder / 'recipe.json').write_text(json.dumps(recipe))",
  "    sys.argv = ['train.py', str(folder / 'recipe.json'), '--data', str(folder), '--out', str(folder / out), '--threads', '1']",
  "    with contextlib.redirect_stdout(io.StringIO()) as said: script.main()",
  "    return said.getvalue()",
  "patches = dict(common, name='patches', network='global', size=[128, 96], steps=4, score=0.5, batch=[['films', 'malignant', 1], ['films', 'benign', 1], ['films', 'normal', 1], ['films', 'pasted-malignant', 1], ['films', 'pasted-benign', 1], ['films', 'pasted-normal', 1], ['phantoms', 'malignant', 1]])",
  "canvases = dict(common, name='canvases', network='global', size=[height, width], steps=4, score=1, norms='fixed', batch=[['films', 'image-malignant', 1], ['films', 'image-benign', 1], ['phantoms', 'any', 1]])",
  "mined = dict(name='mined', mine=['films'])",
  "crops = dict(common, name='crops', network='local', size=[spec['crop']] * 2, steps=4, overlap=1, batch=[['films', 'malignant', 1], ['films', 'benign', 1], ['films', 'mined', 1]])",
];

describe("training by a recipe", () => {
  test("every stage changes its own network, whole canvases leave batch-norm statistics alone, and a second run does nothing", (context) => {
    const numbers = numbersOf(context, [
      ...setUp,
      "train([patches, canvases, mined, crops])",
      "start, one, two, all_ = [torch.load(folder / name) for name in ('start.pt', 'run/patches/glam.pt', 'run/canvases/glam.pt', 'run/glam.pt')]",
      "differs = lambda a, b, part, kind: sum(not torch.equal(a[k], b[k]) for k in a if k.startswith(part) and k.endswith(kind))",
      "say(differs(start, one, 'global', 'conv1.weight') > 0, differs(start, one, 'detection', ''))",
      "say(differs(one, two, 'global', 'conv1.weight') > 0, differs(one, two, 'global', 'running_mean'), differs(one, two, 'detection', ''))",
      "say(differs(two, all_, 'global', ''), differs(two, all_, 'detection', 'conv1.weight') > 0)",
      "say((folder / 'run/mined-films.json').exists(), train([patches, canvases, mined, crops]) == '')",
    ]);
    expect(numbers).toEqual([1, 0, 1, 0, 0, 0, 1, 1, 1]);
  });

  test("a stage that was stopped goes on with the same weights as one that was not", (context) => {
    const [farthest] = numbersOf(context, [
      ...setUp,
      "train([patches], 'whole')",
      "class Stop(Exception): pass",
      "record = script.Run.record",
      "def stop(run, **values):",
      "    record(run, **values)",
      "    if run.step == 2: run.save(); raise Stop",
      "script.Run.record = stop",
      "try: train([patches], 'stopped')",
      "except Stop: pass",
      "script.Run.record = record",
      "train([patches], 'stopped')",
      "a, b = [torch.load(folder / name / 'glam.pt') for name in ('whole', 'stopped')]",
      "say(max(float((a[k].float() - b[k].float()).abs().max()) for k in a))",
    ]);
    expect(farthest).toBeLessThan(1e-6);
  });

  test("figures of a checkpoint are printed with intervals, and what it knows of scanners", (context) => {
    const lines = [
      ...setUp,
      "import figures",
      "sys.argv = ['figures.py', str(folder / 'start.pt'), '--data', str(folder), '--sets', 'films', '--part', 'train', '--spec', 'glam-tiny', '--rounds', '20', '--threads', '1']",
      "with contextlib.redirect_stdout(io.StringIO()) as said: figures.main()",
      "import re",
      "lines = said.getvalue().splitlines()",
      "shown = [re.findall(r'-?[0-9.]+|nan', line.split(maxsplit=1)[1]) for line in lines if re.match(r'  (auc|dice|pointing|recall)', line)]",
      "say(sum('films, train' in line for line in lines), len(shown), all(float(low) <= float(value) <= float(high) for value, low, high in shown))",
      "say(sum('by scanner: A' in line for line in lines), sum('told by the malignant score' in line for line in lines), sum('off the breast: 0.00 %' in line for line in lines))",
    ];
    const [titles, shown, ordered, byScanner, told, off] = numbersOf(context, lines);
    expect([titles, ordered, byScanner, told, off]).toEqual([2, 1, 1, 2, 1]);
    expect(shown).toBeGreaterThanOrEqual(12);
  });

  test("figures after adapting are those of the set's batch-norm statistics, and the checkpoint's come back", (context) => {
    const lines = [
      ...setUp,
      "import figures",
      "sys.argv = ['figures.py', str(folder / 'start.pt'), '--data', str(folder), '--sets', 'films', '--part', 'train', '--adapted', '0', '4', '0', '--adapted-to', 'val', '--coarse', '--spec', 'glam-tiny', '--rounds', '5', '--threads', '1']",
      "seen = []",
      "maps = figures.coarse_maps",
      "figures.coarse_maps = lambda *args, **more: seen.append(maps(*args, **more)) or seen[-1]",
      "with contextlib.redirect_stdout(io.StringIO()) as said: figures.main()",
      "say(said.getvalue().count('adapted to 4 of val'), torch.equal(seen[0], seen[2]), torch.equal(seen[0], seen[1]))",
      "from glam.validate import adapt",
      "films = figures.open_sets(folder, ['films'])['films']",
      "model = Glam(spec).to(memory_format=torch.channels_last)",
      "model.load_state_dict(torch.load(folder / 'start.pt'))",
      "adapt(model.global_network, films, figures.of_part(films, 'val'), 'canvas', 4)",
      "say(torch.equal(maps(model.global_network, films, figures.of_part(films, 'train'), 'canvas'), seen[1]))",
    ];
    expect(numbersOf(context, lines)).toEqual([1, 1, 0, 1]);
  });

  test("a breast with the grey levels of another has its distribution, in its own order", (context) => {
    const numbers = numbersOf(context, [
      "import numpy as np",
      "say = lambda *numbers: print(*map(float, numbers), sep='\\n')",
      "from glam.looks import borrowed",
      "random = np.random.default_rng(1)",
      "mine, theirs = random.normal(90, 12, 20000).astype(int), random.gamma(4, 15, 20000).astype(int).clip(1, 250)",
      "count = lambda values: np.bincount(np.append(values, np.zeros(500, int)), minlength=256)",
      "levels = borrowed(count(mine), count(theirs))",
      "quantiles = [5, 25, 50, 75, 95]",
      "far = np.abs(np.percentile(levels[mine], quantiles) - np.percentile(theirs, quantiles)).max()",
      "say(levels[0], far < 2.5, (np.diff(levels[1:]) >= 0).all(), np.abs(borrowed(count(mine), count(mine))[80:100] - np.arange(80, 100)).max() < 1e-9)",
    ]);
    expect(numbers).toEqual([0, 1, 1, 1]);
  });

  test("with mixed looks a patch has the grey levels of another set; without, nothing is drawn for it", (context) => {
    const numbers = numbersOf(context, [
      ...setUp,
      "from glam.patches import Pool, batch",
      "from glam.sources import open_sets",
      "pools = {name: Pool(one) for name, one in open_sets(folder, ['films', 'phantoms']).items()}",
      "draw = lambda **more: batch(pools, [['films', 'malignant', 3]], (128, 96), 'canvas', np.random.default_rng(4), **more)[0]",
      "say(torch.equal(draw(), draw(mixed=0.0)), torch.equal(draw(), draw(mixed=1.0)))",
      "said = train([patches | dict(steps=2)])",
      "sys.argv += ['--mixed', '1']; sys.argv[sys.argv.index(str(folder / 'run'))] = str(folder / 'mixed')",
      "with contextlib.redirect_stdout(io.StringIO()): script.main()",
      "plain, mixed = [torch.load(folder / name / 'glam.pt') for name in ('run', 'mixed')]",
      "say(all(torch.equal(plain[k], mixed[k]) for k in plain))",
    ]);
    expect(numbers).toEqual([1, 0, 0]);
  });

  test("without cells, where a lesion lies changes nothing but the pooled score", (context) => {
    const numbers = numbersOf(context, [
      "import torch",
      "say = lambda *numbers: print(*map(float, numbers), sep='\\n')",
      "from glam.dense import global_loss",
      "maps = [torch.randn(1, 2, 16 // n, 16 // n) for n in (4, 8, 16)]",
      "suspicion = torch.tensor([[0.0, 1.0]])",
      "one, other = torch.zeros(1, 16, 16, dtype=torch.uint8), torch.zeros(1, 16, 16, dtype=torch.uint8)",
      "one[:, :4, :4], other[:, 8:12, 8:12] = 2, 2",
      "stage = dict(room=10, pooledCells=1, score=1)",
      "loss = lambda codes, **more: global_loss(maps, codes, suspicion, stage | more)[0]",
      "say(loss(one) - loss(other) != 0, abs(loss(one, cells=0, sparsity=0.1) - loss(other, cells=0, sparsity=0.1)) < 1e-6)",
    ]);
    expect(numbers).toEqual([1, 1]);
  });

  test("a lesion that is pasted is marked where it lies; tissue that is pasted is not", (context) => {
    const numbers = numbersOf(context, [
      "import numpy as np, torch",
      "say = lambda *numbers: print(*map(float, numbers), sep='\\n')",
      "from glam.pasted import paste",
      "x = torch.rand(128, 128) + 1",
      "crop = torch.full((40, 40), 50.0); crop[10:30, 10:30] = 250",
      "crop += torch.rand(40, 40)",
      "changed, code = paste(x, np.zeros((32, 32), np.uint8), crop, 2, np.random.default_rng(1), -1.0)",
      "rows, cols = np.nonzero(code)",
      "inside = changed[4 * rows.min():4 * rows.max(), 4 * cols.min():4 * cols.max()]",
      "say(float(inside.mean() - x.mean()) > 0.1, set(code[code > 0].tolist()) == {2})",
      "_, none = paste(x, np.zeros((32, 32), np.uint8), crop, 0, np.random.default_rng(1), -1.0)",
      "say(none.sum())",
    ]);
    expect(numbers).toEqual([1, 1, 0]);
  });

  test("looks move a target, by the women who train, and never across the middle", (context) => {
    const numbers = numbersOf(context, [
      "import numpy as np",
      "from glam.suspicion import suspicion",
      "say = lambda *numbers: print(*map(float, numbers), sep='\\n')",
      "findings = ['OVAL / CIRCUMSCRIBED / 2', 'IRREGULAR / SPICULATED / 5'] * 20 + ['']",
      "malignant = np.array([0, 1] * 20 + [1])",
      "trains = np.array([True] * 38 + [False] * 3)",
      "s = suspicion(findings, malignant, trains)",
      "say(s[0, 0] < 0.1, s[1, 1] > 0.9, s[0, 1] < s[1, 1], s[0, 1] >= 0.6, s[1, 0] <= 0.4, np.allclose(s[-1], [0.05, 0.95]))",
      "say(np.allclose(suspicion(findings, 1 - malignant, np.zeros(41, bool)), [0.05, 0.95]))",
    ]);
    expect(numbers).toEqual([1, 1, 1, 1, 1, 1, 1]);
  });

  test("marks are outlines at their largest value, as tools/evaluate/statistics.test.ts has them", (context) => {
    const numbers = numbersOf(context, [
      "import numpy as np",
      "say = lambda *numbers: print(*map(float, numbers), sep='\\n')",
      "from glam.judge import THRESHOLDS, free_response, outline_marks",
      "grey = np.array([[0, 200, 120, 110, 120, 150, 0, 0, 90, 0]], np.uint8)",
      "marks = outline_marks(grey, lambda row, col: {1: 0, 8: 1}.get(col))",
      "at = lambda threshold: marks[round(threshold * 50) - 1]",
      "for threshold in (0.56, 0.34, 0.9): say(at(threshold)[0], len(at(threshold)[1]))",
      "none = outline_marks(grey, lambda row, col: None)",
      "measured = [{'marks.malignant': (2, marks)}, {'marks.malignant': (0, none)}]",
      "say(*free_response(measured, 'malignant', (0.4, 0.5))[0.5])",
    ]);
    // Two false marks at 0.34 of the image without lesions are the most.
    expect(numbers).toEqual([0, 1, 0, 2, 0, 0, 0.5, 0.36]);
  });

  test("lesions of a mask are found apart, one by one", (context) => {
    const numbers = numbersOf(context, [
      "import numpy as np",
      "say = lambda *numbers: print(*map(float, numbers), sep='\\n')",
      "from glam.canvases import BENIGN, MALIGNANT, places_of",
      "code = np.zeros((20, 20), np.uint8)",
      "code[2:4, 3:8] = MALIGNANT; code[4:8, 3] = MALIGNANT; code[12:14, 12:14] = MALIGNANT | BENIGN",
      "say(*[n for place in sorted(places_of(code)) for n in place])",
    ]);
    expect(numbers).toEqual([1, 52, 52, 8, 8, 2, 20, 22, 24, 20, 2, 52, 52, 8, 8]);
  });
});

test("what trains cannot be what judges: a hash of the patient decides", () => {
  const said = runPython(
    "from glam.split import split\nparts = split({f'p{n}': n % 3 for n in range(300)}, {'train': 0.7, 'val': 0.15, 'test': 0.15})\n" +
      "print(parts == split({f'p{n}': n % 3 for n in reversed(range(300))}, {'train': 0.7, 'val': 0.15, 'test': 0.15}), sorted(parts.values()).count('test'))",
  );
  expect(said.stdout.trim()).toBe("True 45");
});
