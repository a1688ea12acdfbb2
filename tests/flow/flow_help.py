"""Everything readable in a folder, archives and compressed columns unpacked."""

import zipfile

import pyarrow.parquet as pq

CANARIES = {
    "name": "Xiomara Quetzalcoatl Zubizarreta",
    "mail": "xiomara.zubi@canario.example",
    "phone": "+52 55 9137 4468",
    "identity": "QZXX850101MDFTBR09",
    "rut": "19.876.543-K",
}
"""Things no file of a run may hold; some stand in many texts, as a model's words would."""


OPTIONS = {
    "text": "text", "target": "office", "groups": ("district", "sex"), "ids": "id", "time": "date",
    "taxonomy": "citizen-requests-sample",
}  # fmt: skip


def contents(*folders):
    """Yield ``(where, bytes)`` of each file, of each member of an archive, of each table."""
    for folder in folders:
        for path in sorted(p for p in folder.rglob("*") if p.is_file()):
            yield str(path), path.read_bytes()
            if zipfile.is_zipfile(path):
                with zipfile.ZipFile(path) as archive:
                    for member in archive.namelist():
                        yield f"{path}!{member}", archive.read(member)
            elif path.suffix == ".parquet":
                yield f"{path}!rows", pq.read_table(path).to_pandas().to_csv().encode()
