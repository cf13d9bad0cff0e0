"""Writes Parquet files that the trainer should refuse, with pyarrow."""

import pyarrow as pa
import pyarrow.parquet as pq

from cases import Cases
from pictures import encoded

PYARROW = f"pyarrow {pa.__version__}"


def write_refused_parquet(cases: Cases) -> None:
    def refused(what, table, sentence, **choice):
        path = f"parquet/{len(cases.cases)}.parquet"
        pq.write_table(table, cases.path(path))
        cases.refused(f"Parquet: {what}", PYARROW, path, sentence, **choice)
        return cases.folder / path

    cells = [encoded(seed) for seed in range(3)]
    rows = {"image": cells, "label": [0, 1, 0]}
    refused(
        "one row without a picture",
        pa.table({**rows, "image": [{"bytes": None if i == 1 else cells[i], "path": f"{i}.png"} for i in range(3)]}),
        "row 1",
    )
    refused(
        "names of files in place of pictures",
        pa.table({**rows, "image": ["1.png", "2.png", "3.png"]}),
        "holds files' names and no pictures",
    )
    refused(
        "several labels a picture",
        pa.table({**rows, "label": [[0, 1], [1], []]}),
        "holds several labels for each picture",
    )
    refused("no labels", pa.table({"image": cells, "found": [["a"], [], ["b"]]}), "has no column of labels")
    refused("no pictures", pa.table({"text": ["a", "b", "c"], "label": [0, 1, 0]}), "has no column of pictures")
    refused("all labels −1", pa.table({**rows, "label": [-1, -1, -1]}), "holds no picture with a label to train on")
    refused(
        "an empty text as a label", pa.table({**rows, "label": ["a", "", "b"]}), "row 1: has an empty text as its label"
    )
    refused(
        "no rows",
        pa.table({"image": pa.array([], pa.binary()), "label": pa.array([], pa.int64())}),
        "no picture with a label",
    )
    refused("a label of −2", pa.table({**rows, "label": [0, -2, 1]}), "label -2")
    refused("a label beyond --classes", pa.table({**rows, "label": [0, 1, 7]}), "give a larger --classes", classes=7)
    note = {"huggingface": '{"info": {"features": {"label": {"names": ["a", "b"], "_type": "ClassLabel"}}}}'}
    refused(
        "a label beyond the file's names",
        pa.table({**rows, "label": [0, 1, 2]}).replace_schema_metadata(note),
        "label 2, but the file names 2 classes",
    )
    refused(
        "a picture that is text",
        pa.table({**rows, "image": [cells[0], b"hello there", cells[2]]}),
        "is text, not a picture",
    )
    path = refused("cut off", pa.table(rows), "fetch it again")
    path.write_bytes(path.read_bytes()[:-40])
    path = refused("one byte of a page damaged", pa.table(rows), "damaged")
    data = bytearray(path.read_bytes())
    data[data.index(b"IHDR") + 40] ^= 0xFF
    path.write_bytes(data)
