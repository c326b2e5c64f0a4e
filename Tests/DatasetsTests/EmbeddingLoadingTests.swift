import Configurations
import Datasets
import Files
import Foundation
import HDF5Library
import Kernels
import TestSupport
import Testing

/// Writes an embedding file into `folder` and returns its path.
func writeEmbeddings(
  _ rows: [[Float]], identity: [String], gender: [String]? = nil,
  attributes: [String: String] = [:],
  labels: [String: [String]] = [:], name: String = "x.h5", in folder: URL
) throws -> String {
  let path = folder.appendingPathComponent(name).path
  let writer = try HDF5Writer(path: path)
  try writer.create("embeddings", .float32, shape: [rows.count, rows[0].count])
  try writer.write("embeddings", rows: 0..<rows.count, from: rows.flatMap { $0 })
  try writer.writeStrings("identity", identity)
  if let gender { try writer.writeStrings("gender", gender) }
  for (name, values) in labels { try writer.writeStrings(name, values) }
  for (name, value) in attributes { try writer.setAttribute(name, value) }
  try writer.finish()
  return path
}

@Suite struct EmbeddingLoadingTests {
  /// Runs `body` with a folder that is removed afterwards.
  static func inFolder<R>(_ body: (URL) throws -> R) throws -> R {
    let folder = try temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    return try body(folder)
  }

  /// The problems of a source, without the folder's path.
  static func problems(_ source: EmbeddingSource) -> [String] {
    do {
      _ = try EmbeddingSet.load(source, dataset: "X", extractor: "e")
      return []
    } catch let error as DatasetError {
      let folder = URL(fileURLWithPath: source.path).deletingLastPathComponent().path + "/"
      return error.problems.map { $0.replacingOccurrences(of: folder, with: "") }
    } catch {
      return ["unexpected: \(error)"]
    }
  }

  /// A few bytes may declare any size; nothing of such a column is read.
  @Test func finiteVectorsWithoutANormAreNotCalledInfinite() throws {
    try Self.inFolder { folder in
      let path = try writeEmbeddings(
        [[3e38, 3e38], [1e-45, 0], [1, 2]], identity: ["a", "b", "a"], gender: ["M", "F", "M"],
        labels: [:], in: folder)
      let problems = Self.problems(EmbeddingSource(path: path))
      #expect(
        problems.contains {
          $0.contains("1 row with values so large that their norm is no number of float32 (rows 0)")
        } && !problems.contains { $0.contains("zeros") }, "\(problems)")
    }
  }

  @Test func declaredSizesAreCheckedBeforeLabelsAreRead() throws {
    try Self.inFolder { folder in
      let path = folder.appendingPathComponent("x.h5").path
      let writer = try HDF5Writer(path: path)
      try writer.create("embeddings", .float32, shape: [2, 2])
      try writer.write("embeddings", rows: 0..<2, from: [3, 4, 0, 2] as [Float])
      try writer.create("identity", .float32, shape: [1 << 33])
      try writer.finish()
      #expect(
        Self.problems(EmbeddingSource(path: path)).contains {
          $0.contains(
            "'identity' has shape [8589934592] for 2 rows of 'embeddings'; expected one label per row"
          )
        }, "\(Self.problems(EmbeddingSource(path: path)))")
    }
  }

  @Test func aFileOfEveryColumnLoads() throws {
    try Self.inFolder { folder in
      let path = try writeEmbeddings(
        [[3, 4], [0, 2], [-1, 0]], identity: ["b", "a", "b"], gender: ["M", "female", "M"],
        attributes: ["synthetic": "true"], labels: ["age": ["1", "2", "3"]], in: folder)
      let (set, findings) = try EmbeddingSet.load(
        EmbeddingSource(path: path), dataset: "X", extractor: "e")
      #expect(set.subjects == ["b", "a"])
      #expect(set.subjectOfRow == [0, 1, 0])
      #expect(Array(set.rows(of: 0)) == [0, 2])
      #expect(set.genderOfSubject == [.male, .female])
      #expect(set.norms == [5, 2, 1])
      #expect(Array(set.vectors[row: 0]) == [0.6, 0.8])
      #expect(set.attributes == ["age": ["1", "2", "3"]])
      #expect(set.isSynthetic)
      #expect(set.sha256 == (try SHA256.hex(ofFile: path)))
      #expect(findings.problems.isEmpty && findings.warnings.isEmpty)
    }
  }

  @Test func normalisationCanBeSwitchedOff() throws {
    try Self.inFolder { folder in
      let path = try writeEmbeddings(
        [[3, 4], [0, 2]], identity: ["a", "a"], gender: ["M", "M"], in: folder)
      let (set, _) = try EmbeddingSet.load(
        EmbeddingSource(path: path, normalise: false), dataset: "X", extractor: "e")
      #expect(Array(set.vectors[row: 0]) == [3, 4])
      #expect(set.norms == [5, 2])
    }
  }

  @Test func anyFileLoadsThroughAMapping() throws {
    let source = EmbeddingSource(
      path: hdf5Fixture("integer_labels"),
      mapping: HDF5Mapping(attributes: ["group": "gender"]),
      genderCodes: GenderCodes(male: ["1"], female: ["0"]))
    let (set, _) = try EmbeddingSet.load(source, dataset: "X", extractor: "e")
    #expect(set.genderOfSubject == [.female, .male, .female, .male])
    #expect(set.subjects == ["7", "8", "9", "10"])
    #expect(set.attributes["group"]?[3] == "1")
  }

  @Test func allProblemsOfAFileAreReported() throws {
    try Self.inFolder { folder in
      let path = try writeEmbeddings(
        [[1, .nan], [0, 0], [.infinity, 1], [1, 2]], identity: ["a", "b", "a", " "],
        gender: ["M", "x", "F", "U"], labels: ["filename": ["1.jpg"]], in: folder)
      #expect(
        Self.problems(EmbeddingSource(path: path)) == [
          "x.h5: 'filename' has 1 label for 4 rows of 'embeddings'; expected one per row",
          "x.h5: 'embeddings' has 2 rows with NaN or infinite values in float32 (rows 0, 2); extract them "
            + "again, remove them, or set 'unusable_rows: drop' in a spec",
          "x.h5: 'embeddings' has 1 row of zeros only (rows 1); extract them again, remove them, "
            + "or set 'unusable_rows: drop' in a spec",
          "x.h5: 'identity' is empty in 1 row (rows 3); every image needs a subject",
          "x.h5: 'gender' has 1 unknown code, found 'F' (1), 'M' (1), 'U' (1), 'x' (1); say what "
            + "they mean with 'gender_codes: {male: [...], female: [...], unlabelled: [...]}'",
          "x.h5: 1 subject with images of both genders: 'a'; correct 'gender' or 'identity'",
        ])
    }
  }

  @Test func missingColumnsAreReportedTogether() throws {
    try Self.inFolder { folder in
      let path = try writeEmbeddings([[1, 2]], identity: ["a"], in: folder)
      let source = EmbeddingSource(
        path: path, mapping: HDF5Mapping(identity: "person", gender: "sex"))
      #expect(
        Self.problems(source) == [
          "x.h5: no dataset 'person'; say where they are: --identity identity, in a spec 'mapping: "
            + "{identity: identity}'; the file holds 'embeddings', 'identity'",
          "x.h5: no dataset 'sex'; the file holds 'embeddings', 'identity'",
        ])
    }
  }

  @Test func transposedMatricesAreRecognised() {
    #expect(
      Self.problems(EmbeddingSource(path: hdf5Fixture("transposed")))[0]
        == "transposed.h5: 'identity' has 12 labels for 8 rows of 'embeddings'; the embeddings look "
        + "transposed (MATLAB writes columns first)")
    #expect(
      Self.problems(EmbeddingSource(path: hdf5Fixture("transposed"), dimension: 8))[0]
        == "transposed.h5: 'embeddings' has shape [8, 12], the spec says 8; it looks transposed "
        + "(MATLAB writes columns first)")
    #expect(
      Self.problems(EmbeddingSource(path: hdf5Fixture("f64_big_endian"), dimension: 512))[0]
        == "f64_big_endian.h5: 'embeddings' has shape [12, 8], the spec says 512; see datasets.md")
  }

  @Test func numbersAreNeverGuessedAsGenders() {
    #expect(GenderCodes().gender(of: "0") == nil)
    #expect(GenderCodes().gender(of: "MALE") == .male)
    #expect(GenderCodes(male: ["0"]).gender(of: "m") == nil)
    #expect(GenderCodes(male: ["0"]).gender(of: "f") == .female)
    #expect(GenderCodes(unlabelled: ["?"]).gender(of: "") == nil)
  }

  @Test func aMissingNumberIsACodeOfGender() throws {
    try Self.inFolder { folder in
      let path = folder.appendingPathComponent("x.h5").path
      let writer = try HDF5Writer(path: path)
      try writer.create("embeddings", .float32, shape: [3, 2])
      try writer.write("embeddings", rows: 0..<3, from: [1, 0, 0, 1, 1, 1] as [Float])
      try writer.writeStrings("identity", ["a", "b", "c"])
      try writer.writeVector("gender", [1, 0, .nan], as: .float32)
      try writer.finish()
      let codes = GenderCodes(male: ["1"], female: ["0"], unlabelled: ["nan"])
      let (set, _) = try EmbeddingSet.load(
        EmbeddingSource(path: path, genderCodes: codes), dataset: "X", extractor: "e")
      #expect(set.genderOfSubject == [.male, .female, .unlabelled])
    }
  }

  @Test func droppedRowsLeaveTheirSubjectBehind() throws {
    try Self.inFolder { folder in
      let path = try writeEmbeddings(
        [[0, 0], [1, 0], [0, 1]], identity: ["a", "b", "b"], gender: ["M", "F", "F"], in: folder)
      let (set, findings) = try EmbeddingSet.load(
        EmbeddingSource(path: path, unusableRows: .drop), dataset: "X", extractor: "e")
      #expect(set.count == 2 && set.subjects == ["a", "b"])
      #expect(set.rows(of: 0).isEmpty && Array(set.rows(of: 1)) == [0, 1])
      #expect(findings.warnings.count == 1 && findings.warnings[0].hasSuffix("(rows 0), dropped"))
    }
  }

  @Test func duplicatesAndPartialLabelsAreCountedWarnings() throws {
    try Self.inFolder { folder in
      let path = try writeEmbeddings(
        [[1, 2], [1, 2], [1, 2], [2, 4]], identity: ["a", "a", "b", "b"],
        gender: ["M", "U", "F", "F"], in: folder)
      let (set, findings) = try EmbeddingSet.load(
        EmbeddingSource(path: path), dataset: "LFW", extractor: "e")
      #expect(set.genderOfSubject == [.male, .female])
      #expect(
        findings.warnings.map { $0.replacingOccurrences(of: path, with: "x.h5") } == [
          "x.h5: 1 subject with labelled and unlabelled images take the label: 'a'",
          "x.h5: exact repetitions within a subject: 1 row (the same image twice?); they count as "
            + "mated comparisons",
          "x.h5: equal embeddings under different subjects: 1, 'a = b' (label errors? they cap what "
            + "any method reaches at low FMR)",
        ])
      #expect(
        findings.information == ["LFW: 4 of 13,233 images and 2 of 5,749 subjects as published"])
    }
  }

  @Test(.enabled(if: realDataFolder != nil, "\(realDataAreMissing)"))
  func realFilesMeetTheirPublishedFigures() throws {
    let path = realDataFolder!.appendingPathComponent("lfw_arcface-mbf512_A.h5").path
    let (set, findings) = try EmbeddingSet.load(
      EmbeddingSource(path: path), dataset: "LFW", extractor: "ArcFace")
    #expect(set.count == 6_570 && set.dimension == 512 && set.subjects.count == 2_876)
    #expect(set.genderOfSubject.count { $0 == .male } == 2_137)
    #expect(findings.warnings.isEmpty)
    let mean = set.norms.reduce(0.0) { $0 + Double($1) } / 6_570
    #expect(abs(mean - 2.442) < 0.001)
  }
}
