/**
 * @module
 * Lines of Python for tests of the training's scripts.
 */

/** `dataset(images)` writes images [N,H,W] as a data set and answers with its folder. */
export const writesDatasets = [
  "import json, pathlib, tempfile",
  "import numpy as np",
  "def dataset(images, **more):",
  "    folder = pathlib.Path(tempfile.mkdtemp())",
  "    count, height, width = images.shape",
  "    (folder / 'dataset.json').write_text(json.dumps({'height': height, 'width': width, 'count': count, **more}))",
  "    rows = ''.join(f'{n},{n},L-CC,{n % 2},{n // 2 % 2}\\n' for n in range(count))",
  "    (folder / 'labels.csv').write_text('index,seed,view,benign,malignant\\n' + rows)",
  "    images.tofile(folder / 'images.u8')",
  "    return folder",
];

/** `train(script, config, *arguments)` runs a script with that config, silently. */
export const trains = [
  "import contextlib, io, sys",
  "def train(script, config, *args):",
  "    path = pathlib.Path(tempfile.mkdtemp()) / 'config.json'",
  "    path.write_text(json.dumps(config))",
  "    sys.argv = [script.__name__, *map(str, [path, *args])]",
  "    with contextlib.redirect_stdout(io.StringIO()):",
  "        script.main()",
];

/** `spec`, whose canvas of 128 x 128 pixels holds crops of 64, and `use_spec(script)`, which then takes it instead of the config's. */
export const smallSpec = [
  "import json",
  "spec = json.load(open('../specs/glam-tiny.json')) | {'fusion': 'weighted-geometric-mean'}",
  "spec['canvas']['width'], spec['saliency']['width'], spec['crop'] = 128, 8, 64",
  "def use_spec(script):",
  "    script.arguments = lambda *args, old=script.arguments, **more: (*old(*args, **more)[:2], spec)",
];
