import Configurations
import Foundation
import Import
import TestSupport
import Testing

/// What is broken, cut off or not what it says gets its own text, and leaves no file.
@Suite struct MalformedInputTests {
  /// Fixtures that are refused.
  private static let refusedFixtures: [(String, String)] = [
    (
      "objects.npy",
      "objects.npy: holds Python objects (a pickle, which can run code when it is read; for texts save"
        + " x.astype(str), for vectors np.stack(x)), expected float16, float32 or float64, integers or"
        + " fixed-width text; save it again with x.astype('float32') or x.astype(str)"
    ),
    (
      "records.npy",
      "records.npy: holds records with fields; save each field by itself, e.g. np.save('identity.npy',"
        + " x['identity'])"
    ),
    (
      "complex.npy",
      "complex.npy: holds complex numbers, expected float16, float32 or float64, integers or"
        + " fixed-width text; save it again with x.astype('float32') or x.astype(str)"
    ),
    (
      "two_arrays.npy",
      "two_arrays.npy: declares the shape [12, 8], 384 bytes, and holds 512 more (several arrays in one"
        + " file?); save each array in a file of its own"
    ),
    (
      "no_arrays.npz",
      "no_arrays.npz: is an archive without .npy arrays (found 'archive/data.pkl', 'archive/data/0'); a"
        + " PyTorch or Excel file? save the arrays with np.savez"
    ),
    (
      "bomb.npz",
      "bomb.npz: 'identity.npy' says that 29"
    ),
    (
      "matlab5.mat",
      "matlab5.mat: is a MATLAB file of version 5 to 7, and not read; in MATLAB save it with"
        + " save('features.mat', 'X', 'identity', '-v7.3'), in Python with np.savez('features.npz',"
        + " **{k: v for k, v in scipy.io.loadmat(path).items() if k[0] != '_'})"
    ),
    (
      "cut.csv",
      "cut.csv:2: has a vector that was cut when it was printed ('...'); write one column per value, or"
        + " ' '.join(map(str, vector))"
    ),
    (
      "ids.npy",
      "ids.npy: holds text [12], expected numbers [rows, dimension]"
    ),
    (
      "ids.txt",
      "ids.txt: has no columns that are plainly a vector"
    ),
    (
      "pandas_objects.h5",
      "pandas_objects.h5: 'df/block1_values' is a block of Python objects that pandas pickled, which is"
        + " not read; save the labels as df[['identity', 'gender']].to_csv('labels.csv') and name that"
        + " with --labels, or the frame with to_hdf(…, format='table', data_columns=['identity',"
        + " 'gender'])"
    ),
    (
      "h5py_transposed.h5",
      "h5py_transposed.h5: has 8 vectors of 12 values, 'identity' has 12 labels; the vectors are stored"
        + " the other way round: add --transpose"
    ),
    (
      "preallocated.h5",
      "preallocated.h5: has 100 vectors of 8 values, 'identity' has 12 labels; if only the first rows"
        + " are filled, add --rows 12; if labels name images, give them in a table with columns"
        + " filename, identity and gender: --labels FILE --join filename"
    ),
    (
      "parts.h5",
      "parts.h5: has several matrices: 'train/embeddings' (float32 [9, 8]), 'val/embeddings' (float32"
        + " [3, 8]); say which with --embeddings train/embeddings, or take them one after the other"
        + " with --embeddings train/embeddings --embeddings val/embeddings; where groups or datasets are"
        + " people, add --identity-from group"
    ),
    (
      "groups.h5",
      "groups.h5: has no matrix of floats [rows, dimension]; where groups or datasets are people, add"
        + " --identity-from group; it holds 'Ann/img0/embedding' (float32 [8])"
    ),
  ]

  @Test(arguments: refusedFixtures)
  func fixturesAreRefusedWithTheirRemedy(_ name: String, _ text: String) {
    let found = failure(
      request(name) {
        if name == "pandas_objects.h5" { $0.identity = ["df/block1_values"] }
        if name == "bomb.npz" { $0.identity = ["identity"] }
      })
    #expect(found.hasPrefix(text), "\(found)")
  }

  @Test func aMatlabStringIsRefusedByName() {
    #expect(
      failure(request("matlab73.mat") { $0.identity = ["strings"] })
        == "matlab73.mat: 'strings' is a MATLAB string, which is an object of its own; save"
        + " cellstr(strings) instead")
  }

  /// A text, and the error that it gets as a file of vectors with identities.
  private static let refusedTexts: [(String, String)] = [
    ("", "x.csv: is empty"),
    ("identity,f0,f1\n", "x.csv: has a header and no rows"),
    ("identity,f0,f1\nAnn,1\n", "x.csv:2: has 2 fields, expected 3 as in the first row"),
    ("identity,f0,f1\n\nAnn,1,two\n", "x.csv:3: has 'two' in the column 'f1', expected a number"),
    ("identity,f0,f1\nAnn,1,\n", "x.csv:2: has '' in the column 'f1', expected a number"),
    ("identity,f0,f1\n\"Ann,1,2\n", "x.csv:2: has a quote that does not end"),
    (
      "identity,f0,f1\n\"Ann\"x,1,2\n",
      "x.csv:2: has something behind a closing quote; within quotes write a quote twice"
    ),
    ("identity,f0,f0\nAnn,1,2\n", "x.csv: has several columns 'f0'; name each differently"),
    (
      "identity,f0,f2\nAnn,1,2\n",
      "x.csv: has 'f2' as column 2 of the vector 'f*'; put them in order, without gaps"
    ),
    (
      "f0,identity,f1\n1,Ann,2\n",
      "x.csv: has other columns between those of 'f*'; put the vector's side by side"
    ),
    (
      "identity,vector\nAnn,1 2\nBob,1 2 3\n",
      "x.csv:3: has a vector of 3 values, expected 2 as in the first row"
    ),
    (
      "person,id,identity,subject,f0,f1\nA,B,C,D,1,2\n", "no error"
    ),
    (
      "sex,gender,identity,f0,f1\nM,F,Ann,1,2\n", "no error"
    ),
    (
      "f0,f1\n1,2\n",
      "x.csv: says nowhere which person a vector is of; name the labels with --identity COLUMN or FILE,"
        + " give a table with --labels FILE, or take the person from image names with --identity-from"
        + " filename (it holds 'f0' ('1' first), 'f1' ('2' first))"
    ),
    ("identity\u{0},f0,f1\nAnn,1,2\n", "x.csv:1: has bytes 0; is it text?"),
    (
      "identity,gender,f0,f1\nAnn,0,1,2\nBob,2,1,2\nEve,0,1,2\n",
      "x.csv: 'gender': has 2 gender codes of unknown meaning: '0' (2), '2' (1); say which is"
        + " which, e.g. --male 0 --female 2"
    ),
    (
      "identity,e0,e1,f0,f1\nAnn,1,2,3,4\n",
      "x.csv: has no columns that are plainly a vector (one per value, named f0, f1, …, or one of them"
        + " all named 'embedding'); say which with --embeddings 'f*' or --embeddings COLUMN; it holds"
        + " 'identity' ('Ann' first), 'e0' ('1' first), 'e1' ('2' first), 'f0' ('3' first), 'f1' ('4'"
        + " first)"
    ),
  ]

  @Test(arguments: refusedTexts)
  func textsAreRefusedByLine(_ text: String, _ expected: String) throws {
    #expect(try refused(Data(text.utf8)) == expected)
  }

  private static let latin1: [UInt8] =
    Array("identity,f0,f1\nZo".utf8) + [0xEB] + Array(",1,2\n".utf8)

  /// What a .npy file begins with, and some bytes.
  private static func numpy(_ bytes: [UInt8]) -> [UInt8] { [0x93] + Array("NUMPY".utf8) + bytes }

  private static let refusedBytes: [([UInt8], String)] = [
    ([0xFF, 0xFE, 0x41, 0x00], "x.csv: is UTF-16 text; save it as CSV in UTF-8"),
    (
      [0x80, 0x04, 0x95],
      "x.csv: is a Python pickle, which can run code when it is read, and not read; save its"
        + " arrays with np.savez"
    ),
    (
      [0x1F, 0x8B, 0x08],
      "x.csv: is compressed with gzip, and not read; decompress it first: gunzip FILE"
    ),
    (
      latin1,
      "x.csv:2: has text that is not UTF-8; save it as UTF-8"
    ),
    (
      [0x50, 0x4B, 3, 4, 0, 0],
      "x.csv: has no directory of an archive at its end: the copy is incomplete, copy it again"
    ),
    (
      numpy([9, 0, 0, 0, 0, 0]),
      "x.csv: is a .npy array of version 9, expected 1 to 3; save it again with np.save"
    ),
    (
      numpy([1, 0, 0x70, 0, 0x7B, 0x27]),
      "x.csv: ends within its header: the copy is incomplete, copy it again"
    ),
  ]

  @Test(arguments: refusedBytes)
  func bytesAreRefused(_ bytes: [UInt8], _ expected: String) throws {
    #expect(try refused(Data(bytes)) == expected)
  }

  private static let refusedHeaders: [(String, String)] = [
    (
      "{'descr': '<f4', 'fortran_order': False, 'shape': (9223372036854775807, 8), }",
      "declares the shape [9223372036854775807, 8], which no file can hold"
    ),
    (
      "{'descr': '<f4', 'fortran_order': False, 'shape': (1000, 8), }",
      "declares the shape [1000, 8], 32000 bytes, and holds 0: the copy is incomplete, copy it again"
    ),
    (
      "{'descr': '<U0', 'fortran_order': False, 'shape': (4611686018427387904, 4), }",
      "declares the shape [4611686018427387904, 4], more than is read"
    ),
    (
      "{'descr': '<f16', 'fortran_order': False, 'shape': (0, 8), }",
      "holds elements of the type '<f16', expected float16, float32 or float64; save it again with"
        + " x.astype('float32')"
    ),
    (
      "{'descr': '<f4', 'shape': (0, 8), }",
      "has a header that is not NumPy's; save it again with np.save"
    ),
    (
      "__import__('os').system('true')",
      "has a header that is not NumPy's; save it again with np.save"
    ),
    (
      "{'descr': '<f4', 'fortran_order': False, 'shape': (-1, 8), }",
      "has a header that is not NumPy's; save it again with np.save"
    ),
    (
      "{'descr': '<f4', 'fortran_order': False, 'shape': (0, 8), }",
      "'array' has 0 vectors of 8 values: no data"
    ),
  ]

  @Test(arguments: refusedHeaders)
  func headersOfNumpyAreHeldAgainstTheFile(_ header: String, _ expected: String) throws {
    var bytes = Data([0x93] + Array("NUMPY".utf8) + [1, 0])
    bytes += Data([UInt8(header.utf8.count & 0xFF), UInt8(header.utf8.count >> 8)])
    bytes += Data(header.utf8)
    #expect(try refused(bytes) == "x.csv: \(expected)")
  }

  /// Every copy that is cut short, and every one with a damaged byte, is refused or read; none ends
  /// the program.
  @Test(arguments: [
    "plain.npz", "packed.npz", "f2.npy", "ids.npy", "quoted.tsv", "wide.csv", "pytables_table.h5",
    "matlab73.mat", "groups.h5",
  ])
  func mutantsAreReadOrRefused(_ name: String) throws {
    let folder = try temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appendingPathComponent("x").path
    let output = folder.appendingPathComponent("out.h5").path
    let bytes = try Data(contentsOf: URL(fileURLWithPath: fixture(name)))
    // Three layouts of HDF5 together have as many as another format.
    let isHDF5 = name.hasSuffix(".h5") || name.hasSuffix(".mat")
    let mutants = isHDF5 ? max(1, mutantCount / 3) : mutantCount
    var random = SystemRandomNumberGenerator()
    var refused = 0
    for mutant in 0..<mutants {
      var copy = bytes
      if mutant % 3 == 0 {
        copy = copy.prefix(Int.random(in: 0..<bytes.count, using: &random))
      } else {
        for _ in 0..<Int.random(in: 1...4, using: &random) {
          copy[Int.random(in: 0..<copy.count, using: &random)] = UInt8.random(
            in: 0...255, using: &random)
        }
      }
      try copy.write(to: URL(fileURLWithPath: path))
      var request = ImportRequest([path])
      if name == "f2.npy" { request.identity = [fixture("ids.npy")] }
      if name == "ids.npy" { request = ImportRequest([fixture("f4.npy")]) }
      if name == "ids.npy" { request.identity = [path] }
      if name == "plain.npz" { request.identity = ["y"] }
      if name == "groups.h5" { request.identityRule = .group }
      do { _ = try request.write(to: output, replaces: true) } catch { refused += 1 }
    }
    #expect(refused >= mutants / 10)
  }

  // MARK: - Output

  @Test func inputsAndOtherFilesAreNotOverwritten() throws {
    let folder = try temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let input = folder.appendingPathComponent("x.h5").path
    try FileManager.default.copyItem(atPath: fixture("pytables_table.h5"), toPath: input)
    let before = try Data(contentsOf: URL(fileURLWithPath: input))
    #expect(throws: (any Error).self) {
      try ImportRequest([input]).write(to: input, replaces: true)
    }
    let other = folder.appendingPathComponent("other.h5").path
    try Data("mine".utf8).write(to: URL(fileURLWithPath: other))
    #expect(throws: (any Error).self) { try ImportRequest([input]).write(to: other) }
    #expect(try Data(contentsOf: URL(fileURLWithPath: other)) == Data("mine".utf8))
    _ = try ImportRequest([input]).write(to: other, replaces: true)
    #expect(try ImportedFile(other).identity == Planted.identity)
    #expect(try Data(contentsOf: URL(fileURLWithPath: input)) == before)
  }

  /// The text that a file of some bytes is refused with, its folder left out.
  private func refused(_ bytes: Data) throws -> String {
    let folder = try temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appendingPathComponent("x.csv").path
    try bytes.write(to: URL(fileURLWithPath: path))
    return failure(ImportRequest([path])).replacingOccurrences(of: folder.path + "/", with: "")
  }
}
