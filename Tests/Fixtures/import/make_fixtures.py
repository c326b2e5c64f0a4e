"""Writes the files of this folder, one layout each, all of the same 12 vectors of 8 values.

Run with Python 3.11, numpy 2.4, h5py 3.16, PyTables 3.11, pandas 3.1, scipy: python make_fixtures.py
Row i, column j holds (8 i + j - 40) / 16, which float16 represents exactly; four people of three images.
"""
import os
import pathlib
import struct
import zipfile

import h5py
import numpy as np
import pandas as pd
import scipy.io
import tables

N, D = 12, 8
VALUES = ((np.arange(N * D).reshape(N, D) - 40) / 16).astype("<f4")
NAMES = ["Ann", "Bob", "Zoë", "李"]
IDENTITY = [NAMES[i // 3] for i in range(N)]
GENDER = ["F" if i // 3 in (0, 2) else "M" for i in range(N)]
IMAGES = [f"{IDENTITY[i]}_{i % 3 + 1:04d}.jpg" for i in range(N)]
CODES = np.array([1 if g == "M" else 0 for g in GENDER])
TEXT = h5py.string_dtype()


def version(name, array, number):
    with open(name, "wb") as f:
        np.lib.format.write_array(f, array, version=number)


# NumPy arrays.
np.save("f2.npy", VALUES.astype("<f2"))
np.save("f4.npy", VALUES)
np.save("f4_fortran.npy", np.asfortranarray(VALUES))
np.save("f8_big.npy", VALUES.astype(">f8"))
np.save("f2_big_fortran.npy", np.asfortranarray(VALUES.astype(">f2")))
version("v2.npy", VALUES, (2, 0))
version("v3.npy", VALUES, (3, 0))
np.save("transposed.npy", np.ascontiguousarray(VALUES.T))
np.save("three_axes.npy", VALUES.reshape(N, 1, D))
np.save("int8.npy", (VALUES * 16).astype("i1"))
np.save("ids.npy", np.array(IDENTITY))
np.save("ids_big.npy", np.array(IDENTITY).astype(">U3").reshape(N, 1))
np.save("ids_bytes.npy", np.array([n.encode() for n in IDENTITY]))
np.save("ids_int.npy", (np.arange(N) // 3 - 1).astype(">i2"))
np.save("ids_float.npy", (np.arange(N) // 3).astype("f8"))
np.save("gender_int.npy", np.where(CODES == 1, 1, -1).astype("i1"))
np.save("gender_float.npy", np.where(np.arange(N) < 3, np.nan, CODES).astype("f4"))
np.save("gender_bool.npy", CODES == 1)
np.save("images.npy", np.array([f"faces\\{n}" for n in IMAGES]))
np.save("objects.npy", np.array(IDENTITY, object), allow_pickle=True)
np.save("records.npy", np.zeros(N, [("identity", "U3"), ("v", "f4", (D,))]))
np.save("complex.npy", VALUES.astype("c8"))
with open("two_arrays.npy", "wb") as f:
    np.save(f, VALUES)
    np.save(f, VALUES)
np.savez("plain.npz", emb=VALUES, y=np.array(IDENTITY), gender=np.array(GENDER))
np.savez_compressed("packed.npz", embeddings=np.asfortranarray(VALUES.astype("<f8")), identity=np.array(IDENTITY),
                    sex=np.array(["female" if g == "F" else " Male" for g in GENDER]), age=np.arange(N) / 2)
with zipfile.ZipFile("no_arrays.npz", "w") as z:
    z.writestr("archive/data.pkl", b"\x80\x02.")
    z.writestr("archive/data/0", b"1234")

# Delimited text.
wide = pd.DataFrame(VALUES, columns=[f"f{j}" for j in range(D)])
wide.insert(0, "identity", IDENTITY)
wide.insert(1, "gender", GENDER)
wide.to_csv("wide.csv")
pd.DataFrame(VALUES).assign(subject=IDENTITY, sex=CODES.astype(float)).to_csv("numbered.csv", index=False)
with open("quoted.tsv", "wb") as f:
    rows = ['"person"\tsex\timage\tembedding']
    for i in range(N):
        rows.append(f'"{IDENTITY[i]}"\t{GENDER[i]}\t"a ""{i}""\tb"\t"[{" ".join(map(str, VALUES[i]))}]"')
    f.write(b"\xef\xbb\xbf" + "\r\n".join(rows).encode() + b"\r\n")
with open("vectors.csv", "w") as f:
    f.write("identity,vector\n" + "".join(f'{IDENTITY[i]},"{", ".join(map(str, VALUES[i]))}"\n' for i in range(N)))
with open("headless.csv", "w") as f:
    f.write("".join(f"{IDENTITY[i]};{';'.join(map(str, VALUES[i]))}\n" for i in range(N)))
np.savetxt("savetxt.txt", VALUES)
with open("ids.txt", "w") as f:
    f.write("".join(n + "\n" for n in IDENTITY))
with open("cut.csv", "w") as f:
    f.write("identity,vector\n" + "".join(f'{IDENTITY[i]},"[0.1 0.2 ... 0.3]"\n' for i in range(N)))

# Labels in files of their own.
order = np.random.default_rng(1).permutation(N)
with open("labels.csv", "w") as f:
    f.write("filename,person,gender,age\n")
    f.write("".join(f"img/{IMAGES[i]},{IDENTITY[i]},{GENDER[i]},{20 + i}\n" for i in order))
with open("people.csv", "w") as f:
    f.write("person,n_images,gender,listed_in_both\nAnn,3,F,0\nBob,3,M,0\nZoë,3,F,0\nEve,1,F,0\n")
with open("men.txt", "w") as f:
    f.write("Bob_0001.jpg\nBob_0002.jpg\n李_0001.jpg\nZoë_0001.jpg\n")
with open("women.txt", "w") as f:
    f.write("Ann\nZoë\n")
FACES = [f"u{i % 2}/coarse_tilt_aligned_face.{i // 3 + 1}.pic{i % 3}_o.jpg" for i in range(N)]
np.save("adience_images.npy", np.array(FACES))
for fold in range(2):
    with open(f"fold_{fold}_data.txt", "w") as f:
        f.write("user_id\toriginal_image\tface_id\tage\tgender\tx\ty\n")
        for i in range(N)[fold::2]:
            f.write(f"u{i % 2}\tpic{i % 3}_o.jpg\t{i // 3 + 1}\t(25, 32)\t{'fmu'[i // 3 % 3]}\t0\t0\n")

# HDF5 of others.
with tables.open_file("pytables_table.h5", "w") as f:
    a = np.zeros(N, [("identity", "S8"), ("sex", "S1"), ("is_male", "?"), ("vector", "f4", (D,)), ("n", "i8")])
    a["identity"] = [n.encode() for n in IDENTITY]
    a["sex"], a["is_male"], a["vector"], a["n"] = GENDER, CODES == 1, VALUES, np.arange(N) // 3
    f.create_table("/", "faces", a)
with tables.open_file("pytables_bits.h5", "w") as f:
    f.create_array("/", "embeddings", VALUES)
    f.create_array("/", "identity", np.array([n.encode() for n in IDENTITY]))
    f.create_array("/", "gender", CODES == 1)
with h5py.File("h5py_table.h5", "w") as f:
    a = np.zeros(N, [("person", TEXT), ("gender", TEXT), ("feats", ">f2", (D,))])
    a["person"], a["gender"], a["feats"] = IDENTITY, GENDER, VALUES
    f["rows"] = a
frame = wide.astype({f"f{j}": "f4" for j in range(D)})
frame["identity"] = np.arange(N) // 3 + 2**40
frame["gender"] = CODES
frame.to_hdf("pandas_fixed.h5", key="df", format="fixed")
wide.astype({"identity": object, "gender": object}).to_hdf("pandas_objects.h5", key="df", format="fixed",
                                                                  complib="zlib", complevel=9)
wide.to_hdf("pandas_table.h5", key="df", format="table", data_columns=["identity", "gender"])
with h5py.File("groups.h5", "w") as f:
    for i in range(N):
        f[f"{IDENTITY[i]}/img{i % 3}/embedding"] = VALUES[i]
        f[IDENTITY[i]].attrs["gender"] = GENDER[i]
with h5py.File("person_datasets.h5", "w") as f:
    for k, name in enumerate(NAMES):
        f[name] = VALUES[3 * k:3 * k + 3]
        f[name].attrs["sex"] = GENDER[3 * k]
with h5py.File("preallocated.h5", "w") as f:
    f.create_dataset("embeddings", (100, D), "f2", chunks=(10, D))[:N] = VALUES
    f.create_dataset("identity", data=IDENTITY, dtype=TEXT)
    f.create_dataset("gender", data=GENDER, dtype=TEXT)
with h5py.File("parts.h5", "w") as f:
    for group, rows in (("train", slice(0, 9)), ("val", slice(9, N))):
        f[f"{group}/embeddings"] = VALUES[rows]
        f.create_dataset(f"{group}/identity", data=IDENTITY[rows], dtype=TEXT)
        f.create_dataset(f"{group}/gender", data=GENDER[rows], dtype=TEXT)
# People below a group, an image per dataset, parts with numbers for people, labels and vectors of the
# first rows alone.
with h5py.File("groups_below.h5", "w") as f:
    for i in range(N):
        f[f"people/{IDENTITY[i]}/img{i % 3}"] = VALUES[i]
        f[f"people/{IDENTITY[i]}"].attrs["gender"] = GENDER[i]
with h5py.File("image_datasets.h5", "w") as f:
    for i in range(N):
        f[IMAGES[i]] = VALUES[i]
with h5py.File("integer_parts.h5", "w") as f:
    for group, rows in (("train", slice(0, 9)), ("val", slice(9, N))):
        f[f"{group}/embeddings"] = VALUES[rows]
        f[f"{group}/identity"] = np.arange(N)[rows] // 3
with h5py.File("filled.h5", "w") as f:
    f.create_dataset("embeddings", (100, D), "f4")[:N] = VALUES
    for name, labels in (("identity", IDENTITY), ("gender", GENDER)):
        f.create_dataset(name, data=labels + [""] * (100 - N), dtype=TEXT)
with h5py.File("h5py_transposed.h5", "w") as f:
    f["embeddings"] = np.ascontiguousarray(VALUES.T)
    f.create_dataset("identity", data=IDENTITY, dtype=TEXT)
    f["gender"] = CODES == 1
    f.attrs["model"] = "a network"
with h5py.File("matlab73.mat", "w", userblock_size=512) as f:
    def put(name, data, kind, **attributes):
        f[name] = data
        f[name].attrs["MATLAB_class"] = np.bytes_(kind)
        for key, value in attributes.items():
            f[name].attrs[key] = value
    put("X", np.ascontiguousarray(VALUES.T.astype("f8")), "double")
    refs = []
    for i, name in enumerate(IDENTITY):
        units = np.frombuffer(name.encode("utf-16-le"), "<u2").reshape(-1, 1)
        put(f"#refs#/{chr(97 + i)}", units, "char", MATLAB_int_decode=np.int32(2))
        refs.append(f[f"#refs#/{chr(97 + i)}"].ref)
    put("identity", np.array(refs, h5py.ref_dtype).reshape(1, N), "cell")
    put("sex", np.array([[ord(g) for g in GENDER]], "<u2"), "char", MATLAB_int_decode=np.int32(2))
    put("strings", np.zeros((1, 6), "<u4"), "string")
with open("matlab73.mat", "r+b") as f:
    f.write(b"MATLAB 7.3 MAT-file, Platform: GLNXA64, HDF5 schema 1.00 .".ljust(116) + bytes(8) + b"\x00\x02IM")
scipy.io.savemat("matlab5.mat", {"X": VALUES})

# The folder that the paper's public code reads.
base = pathlib.Path("official/stripped_data/arcface")
base.mkdir(parents=True, exist_ok=True)
for kind, data in (("emb", VALUES), ("identities", np.array(IDENTITY)), ("gender", np.array(GENDER)),
                   ("filenames", np.array(IMAGES)), ("age", np.arange(N) + 20.5)):
    np.save(base / f"matched_arcface_adience_{kind}.npy", data)
lfw = pathlib.Path("official/ArcFace/ArcFace_LFW")
lfw.mkdir(parents=True, exist_ok=True)
for kind, data in (("emb", VALUES), ("ids", np.array(IDENTITY)), ("gender", np.array([g.lower() for g in GENDER]))):
    np.save(lfw / f"arcface_lfw_{kind}.npy", data)

# Frames of pandas with a column per value, in one table and over matrices of two types.
wide.to_hdf("pandas_columns.h5", key="df", format="table", data_columns=True, index=False)
frame.astype({"f5": "f8"}).to_hdf("pandas_blocks.h5", key="df", format="fixed")
# People as groups with labels of every image, two kinds of vectors, matrices that are turned, and what is
# no person.
with h5py.File("person_labels.h5", "w") as f:
    f["version"] = 1
    for k, name in enumerate(NAMES):
        rows = slice(3 * k, 3 * k + 3)
        f[f"{name}/features"] = VALUES[rows]
        f.create_dataset(f"{name}/filenames", data=IMAGES[rows], dtype=TEXT)
        f.create_dataset(f"{name}/gender", data=GENDER[rows], dtype=TEXT)
        f[f"{name}/age"] = np.arange(N)[rows] + 20
with h5py.File("person_kinds.h5", "w") as f:
    for k, name in enumerate(NAMES):
        f[f"{name}/other"] = VALUES[3 * k:3 * k + 3] * 2
        f[f"{name}/own"] = VALUES[3 * k:3 * k + 3]
        f[name].attrs["gender"] = GENDER[3 * k]
with h5py.File("person_transposed.h5", "w") as f:
    for k, name in enumerate(NAMES):
        f[name] = np.ascontiguousarray(VALUES[3 * k:3 * k + 3].T)
        f[name].attrs["gender"] = GENDER[3 * k]
with h5py.File("matlab_people.mat", "w") as f:
    for k, name in enumerate(NAMES):
        f[f"people/{name}"] = np.ascontiguousarray(VALUES[3 * k:3 * k + 3].T.astype("f8"))
        f[f"people/{name}"].attrs["MATLAB_class"] = np.bytes_("double")
        f[f"people/{name}"].attrs["gender"] = GENDER[3 * k]
with h5py.File("person_links.h5", "w") as f:
    for k, name in enumerate(NAMES):
        f[name] = VALUES[3 * k:3 * k + 3]
    f["Eve"] = h5py.ExternalLink("groups.h5", "/Ann")
    f["Joe"] = h5py.SoftLink("/nowhere")
# Parts that were made for more rows than were written, parts in names, images in parts.
with h5py.File("filled_parts.h5", "w") as f:
    for group, rows in (("train", slice(0, 9)), ("val", slice(9, N))):
        n = len(IDENTITY[rows])
        f.create_dataset(f"{group}/embeddings", (20, D), "f4")[:n] = VALUES[rows]
        f[f"{group}/identity"] = np.r_[np.arange(N)[rows] // 3, [-1] * (20 - n)]
with h5py.File("parts_in_names.h5", "w") as f:
    for part, rows in (("test", slice(0, 9)), ("train", slice(9, N))):
        f[f"X_{part}"] = VALUES[rows]
        f[f"y_{part}"] = np.arange(N)[rows] // 3
        f.create_dataset(f"sex_{part}", data=GENDER[rows], dtype=TEXT)
with h5py.File("image_parts.h5", "w") as f:
    for i in range(N):
        f[f"{'train' if i % 3 else 'val'}/{IMAGES[i]}"] = VALUES[i]
with h5py.File("unnamed_people.h5", "w") as f:
    f["X"] = VALUES
    f.create_dataset("who", data=IDENTITY, dtype=TEXT)
    f["classes"] = np.arange(4)
with h5py.File("nothing_behind.h5", "w") as f:
    f["embeddings"] = np.r_[VALUES, np.full((8, D), np.nan, "f4")]
    f["identity"] = np.r_[np.arange(N) // 3, [-1] * 8]
np.savez("classes.npz", X=VALUES, labels=np.arange(N) // 3, names=np.array(NAMES))
np.savez("column_axes.npz", emb=VALUES[:, :, None], ids=np.array(IDENTITY))
with open("blanks.txt", "w") as f:
    f.write("".join(f"{IDENTITY[i]} {' '.join(map(str, VALUES[i]))}\n" for i in range(N)))
with open("brackets.csv", "w") as f:
    f.write("identity," + ",".join(f"emb[{j}]" for j in range(D)) + "\n")
    f.write("".join(f"{IDENTITY[i]},{','.join(map(str, VALUES[i]))}\n" for i in range(N)))
with open("plain_labels.csv", "w") as f:
    f.write("".join(f"{IMAGES[i].upper()},{IDENTITY[i]},{GENDER[i]}\n" for i in order))

# An archive that says of few bytes that they are many.
with zipfile.ZipFile("bomb.npz", "w", zipfile.ZIP_DEFLATED) as z:
    header = "{'descr': '|S1', 'fortran_order': False, 'shape': (300000000,), }"
    header += " " * (63 - (len(header) + 10) % 64) + "\n"
    with z.open("identity.npy", "w", force_zip64=True) as m:
        m.write(b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header.encode())
        for _ in range(300):
            m.write(bytes(1_000_000))
    with z.open("embeddings.npy", "w", force_zip64=True) as m:
        np.save(m, VALUES)
print(sum(os.path.getsize(os.path.join(p, n)) for p, _, ns in os.walk(".") for n in ns), "bytes")
