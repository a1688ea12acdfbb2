"""Everything readable in a folder, archives and compressed columns unpacked."""

import zipfile

import pyarrow.parquet as pq


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
