"""Writes the HDF5 files of this folder: one peculiarity each, 12 rows of 8 values.

Run with Python 3.11, h5py 3.16 (HDF5 2.0), numpy 2.4: python make_fixtures.py
Row i, column j holds (8 i + j - 40) / 16, which float16 represents exactly; four subjects.
"""
import os
import subprocess
import sys

import h5py
import numpy as np

N, D = 12, 8
VALUES = (np.arange(N * D).reshape(N, D) - 40) / 16
NAMES = ["Ann", "Bob", "Zoë", "李"]
IDENTITY = [NAMES[i // 3] for i in range(N)]
GENDER = ["F" if i // 3 in (0, 2) else "M" for i in range(N)]
TEXT = h5py.string_dtype()


def write(name, embeddings=None, identity=IDENTITY, gender=GENDER, libver=None, **options):
    with h5py.File(name, "w", libver=libver) as f:
        data = VALUES.astype("<f4") if embeddings is None else embeddings
        f.create_dataset("embeddings", data=data, **options)
        if identity is not None:
            f.create_dataset("identity", data=identity, dtype=TEXT if isinstance(identity, list) else None)
        if gender is not None:
            f.create_dataset("gender", data=gender, dtype=TEXT if isinstance(gender, list) else None)


def fixed(texts, size):
    return np.array([t.encode() for t in texts], dtype=f"S{size}")


write("f64_big_endian.h5", VALUES.astype(">f8"))
write("f16_gzip_fixed_strings.h5", VALUES.astype("<f2"), fixed(IDENTITY, 8), fixed(GENDER, 1),
      chunks=(5, 3), compression="gzip", shuffle=True)
write("f16_big_endian.h5", VALUES.astype(">f2"))
write("integer_labels.h5", identity=(np.arange(N) // 3 + 7).astype("<i4").reshape(N, 1),
      gender=(np.arange(N) // 3 % 2).astype("u1").reshape(1, N))
write("float_identity_boolean_gender.h5", identity=(np.arange(N) // 3).astype("<f8"),
      gender=np.array([g == "M" for g in GENDER]))
write("int_scaleoffset.h5", (VALUES * 16).astype("<i4"), chunks=(4, 8), scaleoffset=0)
write("fletcher32.h5", chunks=(4, 8), fletcher32=True)
write("v110_chunked.h5", libver=("v110", "v110"), chunks=(4, 8), compression="gzip")
write("latest_chunked.h5", libver="latest", chunks=(4, 8), compression="gzip")
write("lzf.h5", chunks=(4, 8), compression="lzf")
write("transposed.h5", np.ascontiguousarray(VALUES.T))
write("latin1.h5", identity=np.array(["Zoë".encode("latin1")] * N, dtype="S4"))
write("fraction_identity.h5", identity=np.arange(N) / 2)
write("no_rows.h5", np.zeros((0, D), "<f4"), [], [])

with h5py.File("external_storage.h5", "w") as f:
    f.create_dataset("embeddings", (N, D), "<f4", external=[("/etc/passwd", 0, N * D * 4)])
    f.create_dataset("identity", data=IDENTITY, dtype=TEXT)
with h5py.File("virtual.h5", "w") as f:
    layout = h5py.VirtualLayout((N, D), "<f4")
    layout[:] = h5py.VirtualSource("f64_big_endian.h5", "embeddings", (N, D))
    f.create_virtual_dataset("embeddings", layout)
    f.create_dataset("identity", data=IDENTITY, dtype=TEXT)
with h5py.File("external_link.h5", "w") as f:
    f["embeddings"] = h5py.ExternalLink("f64_big_endian.h5", "/embeddings")
    f.create_dataset("identity", data=IDENTITY, dtype=TEXT)
with h5py.File("nested_soft_link.h5", "w") as f:
    f.create_dataset("features/arcface", data=VALUES.astype("<f4"))
    f["embeddings"] = h5py.SoftLink("/features/arcface")
    f["loop"] = h5py.SoftLink("/loop")
    f["features/self"] = f["features"]
    f.create_dataset("identity", data=IDENTITY, dtype=TEXT)
with h5py.File("table.h5", "w") as f:
    f.create_dataset("embeddings", data=np.zeros(N, [("id", "i4"), ("v", "f4", (D,))]))
    f.create_dataset("identity", data=IDENTITY, dtype=TEXT)
with h5py.File("null.h5", "w") as f:
    f.create_dataset("embeddings", data=h5py.Empty("f4"))
    f.create_dataset("identity", data=IDENTITY, dtype=TEXT)
with h5py.File("huge.h5", "w") as f:
    f.create_dataset("embeddings", (1 << 40, 512), "<f4", chunks=(1, 512))
with h5py.File("attributes.h5", "w") as f:
    f.attrs["text"] = "Zoë"
    f.attrs["fixed"] = np.bytes_("abc")
    f.attrs["integer"] = np.int16(-7)
    f.attrs["number"] = 0.25
    f.attrs["list"] = [1, 2, 3]
    f.create_dataset("scalar", data=np.float64(2.5))
    f.create_dataset("cube", data=np.arange(24, dtype="<f4").reshape(2, 3, 4))
    f.create_dataset("bytes", data=np.arange(-3, 3, dtype="i1").reshape(2, 3))
    f["scalar"].attrs["unit"] = "s"

# A writer that dies leaves the file marked as open for writing.
subprocess.run([sys.executable, "-c", """
import h5py, os
f = h5py.File('crashed_writer.h5', 'w', libver=('v110', 'v110'))
f['embeddings'] = 1.0
f.flush()
os._exit(0)
"""], check=True)
with open("f64_big_endian.h5", "rb") as f, open("truncated.h5", "wb") as g:
    g.write(f.read()[:1500])
with open("not_hdf5.h5", "wb") as f:
    f.write(b"name,embedding\nAnn,0.1\n")
