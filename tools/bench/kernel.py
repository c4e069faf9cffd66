"""Round trips of cells in the kernel, in milliseconds."""

import json
import statistics
import time

from jupyter_client.manager import start_new_kernel

manager, client = start_new_kernel(kernel_name="assay", startup_timeout=60)


def cell(code):
    """Runs a cell to its idle; answers the milliseconds."""
    begin = time.perf_counter()
    reply = client.execute_interactive(code, timeout=120, output_hook=lambda _: None)
    assert reply["content"]["status"] == "ok", reply["content"]
    return 1000 * (time.perf_counter() - begin)


try:
    plain = statistics.median(cell("1") for _ in range(5))
    cell('import * as ml from "assay";\nimport { connect } from "assay-lab";')
    cell("const x = Array.from({ length: 200 }, (_, i) => [i % 7, i % 11]);\nconst y = x.map(([a]) => (a! > 3 ? 'yes' : 'no'));")
    cell("const model = await ml.logisticRegression().fit(x, y);")
    figure = cell("ml.plotConfusion(ml.confusionMatrix(y, model.predict(x)))")
    warm = statistics.median(cell(f"const forest{k}: number = (await ml.decisionTreeClassifier({{ maxDepth: {k} }}).fit(x, y)).columns.length;\nforest{k}") for k in range(1, 8))
    print(json.dumps({"plain": plain, "figure": figure, "warm": warm}))
finally:
    client.stop_channels()
    manager.shutdown_kernel(now=True)
