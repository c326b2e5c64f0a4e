import Datasets
import Foundation
import HDF5
import Kernels
import Synchronization
import TestSupport
import Testing

/// Path of one of the files written by Fixtures/hdf5/make_fixtures.py.
func hdf5Fixture(_ name: String) -> String {
  fixturesFolder.appendingPathComponent("hdf5/\(name).h5").path
}

/// The error text of a failing closure, with the fixtures folder removed.
func errorText(_ body: () throws -> Void) -> String {
  do {
    try body()
    return "no error"
  } catch {
    return "\(error)".replacingOccurrences(of: fixturesFolder.path + "/hdf5/", with: "")
  }
}

@Suite struct HDF5FileTests {
  /// Value of row i, column j in all fixtures.
  static func value(_ i: Int, _ j: Int) -> Float { Float(8 * i + j - 40) / 16 }

  @Test(arguments: [
    ("f64_big_endian", "float64 big-endian", "contiguous"),
    ("f16_gzip_fixed_strings", "float16", "chunked 5x3 (shuffle, gzip)"),
    ("f16_big_endian", "float16 big-endian", "contiguous"),
    ("fletcher32", "float32", "chunked 4x8 (fletcher32)"),
    ("v110_chunked", "float32", "chunked 4x8 (gzip)"),
    ("nested_soft_link", "float32", "contiguous"),
  ])
  func everyStorageGivesTheSameValues(_ name: String, _ type: String, _ layout: String) throws {
    let dataset = try HDF5File(path: hdf5Fixture(name)).dataset("embeddings")
    #expect(dataset.shape == [12, 8])
    #expect(dataset.typeName == type)
    #expect(dataset.layoutName == layout)
    let matrix = try dataset.readMatrix(stride: 11)
    for i in 0..<12 {
      for j in 0..<8 { #expect(matrix[row: i][j] == Self.value(i, j), "row \(i), column \(j)") }
      #expect(matrix.base[i * 11 + 8] == 0, "padding")
    }
  }

  @Test func integersReadAsNumbers() throws {
    let matrix = try HDF5File(path: hdf5Fixture("int_scaleoffset")).read("embeddings")
    #expect((0..<8).map { matrix[row: 11][$0] } == (0..<8).map { 16 * Self.value(11, $0) })
  }

  @Test func rowBlocksMayStartAnywhere() throws {
    let dataset = try HDF5File(path: hdf5Fixture("f16_gzip_fixed_strings")).dataset("embeddings")
    let block = FloatMatrix(rows: 3, columns: 8)
    try dataset.read(rows: 4..<7, into: block.base, stride: 8)
    #expect(block[row: 0][0] == Self.value(4, 0))
    #expect(block[row: 2][7] == Self.value(6, 7))
  }

  @Test func scalarsVectorsAndCubesReadAsRows() throws {
    let file = try HDF5File(path: hdf5Fixture("attributes"))
    #expect(try file.shape(of: "scalar") == [])
    let scalar = try file.read("scalar")
    #expect(scalar.rows == 1 && scalar.columns == 1 && scalar[row: 0][0] == 2.5)
    let cube = try file.read("cube")
    #expect(cube.rows == 2 && cube.columns == 12)
    #expect(cube[row: 1][11] == 23)
    let bytes = try file.read("bytes")
    #expect(bytes[row: 0][0] == -3)
    #expect(Array(bytes[row: 1]) == [0, 1, 2])
  }

  @Test(arguments: [
    ("f64_big_endian", ["Ann", "Bob", "Zoë", "李"]),
    ("f16_gzip_fixed_strings", ["Ann", "Bob", "Zoë", "李"]),
    ("integer_labels", ["7", "8", "9", "10"]),
    ("float_identity_boolean_gender", ["0", "1", "2", "3"]),
  ])
  func labelsOfEveryKindBecomeText(_ name: String, _ expected: [String]) throws {
    let labels = try HDF5File(path: hdf5Fixture(name)).labels("identity")
    #expect(labels == (0..<12).map { expected[$0 / 3] })
  }

  @Test func enumerationsReadAsTheirNames() throws {
    let labels = try HDF5File(path: hdf5Fixture("float_identity_boolean_gender")).labels("gender")
    #expect(labels == (0..<12).map { $0 / 3 == 0 || $0 / 3 == 2 ? "FALSE" : "TRUE" })
  }

  @Test func attributesBecomeText() throws {
    let file = try HDF5File(path: hdf5Fixture("attributes"))
    #expect(
      try file.attributes()
        == ["text": "Zoë", "fixed": "abc", "integer": "-7", "number": "0.25"])
    #expect(try file.attributes(of: "scalar")["unit"] == "s")
  }

  @Test func datasetsAreListedOnceDespiteCycles() throws {
    let file = try HDF5File(path: hdf5Fixture("nested_soft_link"))
    #expect(try file.datasets() == ["features/arcface", "identity"])
    #expect(try file.contains("features/self/self/arcface"))
    #expect(try !file.contains("loop/x"))
    let links = try file.entries().filter(\.isRefusedLink)
    #expect(links.map(\.path) == ["loop"] && links[0].typeName == "a link that leads nowhere")
  }

  @Test(arguments: [
    (
      "not_hdf5",
      "not_hdf5.h5: cannot open it: unable to open file: file signature not found; this "
        + "is not an HDF5 file"
    ),
    (
      "truncated",
      "truncated.h5: cannot open it: unable to open file: truncated file: eof = 1500, "
        + "sblock->base_addr = 0, stored_eof = 7296; the copy is incomplete: copy or download it again"
    ),
    (
      "crashed_writer",
      "crashed_writer.h5: cannot open it: unable to open file: file is already open "
        + "for write (may use <h5clear file> to clear file consistency flags); a writer crashed or is "
        + "still running; when none runs: h5clear -s FILE"
    ),
    (
      "latest_chunked",
      "latest_chunked.h5: 'embeddings': cannot open the dataset: unable to open "
        + "dataset: bad version number for layout message; the file uses a newer format than the "
        + "installed library reads; re-save it with libver='v110' (h5py) or h5repack"
    ),
    (
      "lzf",
      "lzf.h5: 'embeddings' is compressed with LZF (filter 32000), which needs a plugin and is "
        + "not read; re-save it with compression='gzip' or none"
    ),
    (
      "external_storage",
      "external_storage.h5: 'embeddings' keeps its values in other files "
        + "(external storage), which is not read; save it in this file"
    ),
    (
      "virtual",
      "virtual.h5: 'embeddings' is a virtual dataset made of other files, which is not "
        + "read; save it as one dataset"
    ),
    (
      "external_link",
      "external_link.h5: 'embeddings': cannot open the dataset: unable to open "
        + "dataset: unable to find link class; links into other files are not followed; save the "
        + "dataset in this file"
    ),
    ("null", "null.h5: 'embeddings' is empty (it has a null dataspace); write values to it"),
    ("huge", "huge.h5: 'embeddings' has shape [1099511627776, 512], more than 17179869184 values"),
    ("table", "table.h5: 'embeddings' is a compound table (one record per row), expected numbers"),
    ("absent", "absent.h5: no such file; expected an HDF5 file, see datasets.md"),
  ])
  func everyRefusalSaysWhatAndWhy(_ name: String, _ text: String) {
    #expect(errorText { _ = try HDF5File(path: hdf5Fixture(name)).read("embeddings") } == text)
  }

  @Test func foldersAndDevicesAreRefused() {
    #expect(
      errorText { _ = try HDF5File(path: "/tmp") }
        == "/tmp: is a folder; expected an HDF5 file, see datasets.md")
    #expect(
      errorText { _ = try HDF5File(path: "/dev/zero") }
        == "/dev/zero: is not a file; expected an HDF5 file, see datasets.md")
  }

  @Test func aMissingDatasetSuggestsTheNearest() throws {
    let file = try HDF5File(path: hdf5Fixture("f64_big_endian"))
    #expect(
      errorText { _ = try file.labels("identty") }
        == "f64_big_endian.h5: no dataset 'identty'; did you mean 'identity'?; the file holds "
        + "'embeddings', 'gender', 'identity'")
  }

  @Test func labelsThatAreNotLabelsAreRefused() throws {
    #expect(
      errorText { _ = try HDF5File(path: hdf5Fixture("latin1")).labels("identity") }
        == "latin1.h5: 'identity' has text in row 0 that is not UTF-8; re-save the labels as UTF-8 "
        + "strings")
    #expect(
      errorText { _ = try HDF5File(path: hdf5Fixture("fraction_identity")).labels("identity") }
        == "fraction_identity.h5: 'identity' has 0.5 in row 1; expected integers or strings as "
        + "labels")
    #expect(
      errorText { _ = try HDF5File(path: hdf5Fixture("f64_big_endian")).labels("embeddings") }
        == "f64_big_endian.h5: 'embeddings' is an array of shape [12, 8], expected one label per row"
    )
  }

  @Test func threadsMayReadTheSameFile() throws {
    let file = try HDF5File(path: hdf5Fixture("f16_gzip_fixed_strings"))
    let failures = Atomic(0)
    DispatchQueue.concurrentPerform(iterations: 64) { k in
      let good = k % 2 == 0
      do {
        let labels = try file.labels(good ? "identity" : "absent")
        if labels.count != 12 || !good { failures.add(1, ordering: .relaxed) }
      } catch {
        if good || !"\(error)".contains("no dataset 'absent'") {
          failures.add(1, ordering: .relaxed)
        }
      }
    }
    #expect(failures.load(ordering: .relaxed) == 0)
  }

  @Test func networkWeightsOfAFixtureAreReadable() throws {
    let path = fixturesFolder.appendingPathComponent("train_full.h5").path
    let file = try HDF5File(path: path)
    #expect(try file.shape(of: "fc1.weight") == [128, 512])
    #expect(try file.read("fc2.bias").rows == 64)
  }
}
