import Biometrics
import Datasets
import Files
import Foundation
import HDF5Library

/// Formats of exported scores.
package enum ScoreFormat: String, Sendable, CaseIterable {
  /// Score columns of bob.bio.base: a row per comparison.
  case bob
  /// Two text files with a score per line, as PyEER reads them.
  case pyeer
  /// A matrix [references, probes] per fold, and what its rows and columns are.
  case npy
  /// The same in one HDF5 file.
  case hdf5

  /// Files that are written.
  ///
  /// - Parameter stem: path without ending.
  package func files(_ stem: String, folds: Int) -> [String] {
    switch self {
    case .bob: [stem + ".csv"]
    case .pyeer: [stem + "-genuine.txt", stem + "-impostor.txt"]
    case .npy:
      (0..<folds).flatMap { fold in
        ["scores.npy", "references.csv", "probes.csv"].map { "\(stem)-fold\(fold)-\($0)" }
      }
    case .hdf5: [stem + ".h5"]
    }
  }

  /// What writes them.
  ///
  /// - Parameter withSelf: whether lists of comparisons hold those of a reference with its own sample.
  package func sink(_ stem: String, withSelf: Bool) throws -> any ScoreSink {
    switch self {
    case .bob: try BobScores(files(stem, folds: 1)[0], withSelf: withSelf)
    case .pyeer:
      try PyEERScores(
        genuine: files(stem, folds: 1)[0], impostor: files(stem, folds: 1)[1], withSelf: withSelf)
    case .npy: NumPyScores(stem)
    case .hdf5: try HDF5Scores(files(stem, folds: 1)[0])
    }
  }
}

/// A CSV file with the score columns of bob.bio.base, and what else is known of both sides.
private final class BobScores: ScoreSink {
  private let file: StreamedFile
  private let withSelf: Bool
  private var fold: ScoredFold?
  private var probes: [[UInt8]] = []

  init(_ path: String, withSelf: Bool) throws {
    file = try StreamedFile(path)
    self.withSelf = withSelf
    try file.append(
      "probe_subject_id,probe_key,probe_gender,bio_ref_subject_id,bio_ref_key,bio_ref_gender,fold,score\n"
    )
  }

  func begin(_ fold: ScoredFold) throws {
    self.fold = fold
    probes = fold.probes.map { Array(($0.csv + ",").utf8) }
  }

  func write(_ scores: ScoreMatrix, rows: Range<Int>) throws {
    let fold = fold!
    for (i, reference) in rows.enumerated() {
      let rest = Array("\(fold.references[reference].csv),\(fold.number),".utf8)
      let own = withSelf ? -1 : Int(fold.ownColumns[reference])
      for (probe, score) in scores[row: i].enumerated() where probe != own {
        try file.append(probes[probe])
        try file.append(rest)
        try file.append("\(score)\n")
      }
    }
  }

  func finish() throws { try file.finish() }
}

/// Genuine and impostor scores, one per line.
private final class PyEERScores: ScoreSink {
  private let genuine: StreamedFile
  private let impostor: StreamedFile
  private let withSelf: Bool
  private var fold: ScoredFold?

  init(genuine: String, impostor: String, withSelf: Bool) throws {
    self.genuine = try StreamedFile(genuine)
    self.impostor = try StreamedFile(impostor)
    self.withSelf = withSelf
  }

  func begin(_ fold: ScoredFold) throws { self.fold = fold }

  func write(_ scores: ScoreMatrix, rows: Range<Int>) throws {
    let fold = fold!
    for (i, reference) in rows.enumerated() {
      let own = withSelf ? -1 : Int(fold.ownColumns[reference])
      for (probe, score) in scores[row: i].enumerated() where probe != own {
        try (fold.isMated(reference, probe) ? genuine : impostor).append("\(score)\n")
      }
    }
  }

  func finish() throws {
    try genuine.finish()
    try impostor.finish()
  }
}

/// A float32 matrix per fold (format 1.0 of NumPy's files), with the samples of rows and columns.
private final class NumPyScores: ScoreSink {
  private let stem: String
  private var files: [StreamedFile] = []

  init(_ stem: String) { self.stem = stem }

  func begin(_ fold: ScoredFold) throws {
    let names = ScoreFormat.npy.files(stem, folds: files.count / 3 + 1).suffix(3)
    let new = try names.map { try StreamedFile($0) }
    files += new
    try new[0].append(Self.header(rows: fold.references.count, columns: fold.probes.count))
    try new[1].append(
      "\(ScoredSample.columns),own_column\n"
        + zip(fold.references, fold.ownColumns).map { "\($0.csv),\($1)\n" }.joined())
    try new[2].append(
      "\(ScoredSample.columns)\n" + fold.probes.map { "\($0.csv)\n" }.joined())
  }

  func write(_ scores: ScoreMatrix, rows: Range<Int>) throws {
    for i in rows.indices {
      let row = scores[row: i - rows.lowerBound]
      try files[files.count - 3].append(UnsafeRawBufferPointer(row))
    }
  }

  func finish() throws { for file in files { try file.finish() } }

  /// Magic, version, length and description, to a multiple of 64 bytes.
  private static func header(rows: Int, columns: Int) -> [UInt8] {
    var text = "{'descr': '<f4', 'fortran_order': False, 'shape': (\(rows), \(columns)), }"
    text += String(repeating: " ", count: 63 - (10 + text.utf8.count) % 64) + "\n"
    let length = UInt16(text.utf8.count)
    return [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(length & 0xFF), UInt8(length >> 8)]
      + Array(text.utf8)
  }
}

/// One group per fold: `scores` [references, probes], and identity, gender and key of both sides.
private final class HDF5Scores: ScoreSink {
  private let writer: HDF5Writer
  private var group = ""

  init(_ path: String) throws {
    try AtomicFile.makeFolder((path as NSString).deletingLastPathComponent)
    writer = try HDF5Writer(path: path)
  }

  func begin(_ fold: ScoredFold) throws {
    group = "fold\(fold.number)"
    try writer.create(
      "\(group)/scores", .float32, shape: [fold.references.count, fold.probes.count])
    for (side, samples) in [("reference", fold.references), ("probe", fold.probes)] {
      try writer.writeStrings("\(group)/\(side)_identity", samples.map(\.identity))
      try writer.writeStrings("\(group)/\(side)_gender", samples.map(\.gender))
      try writer.writeStrings("\(group)/\(side)_key", samples.map(\.key))
    }
    try writer.writeVector(
      "\(group)/own_column", fold.ownColumns.map(Double.init), as: .int32)
  }

  func write(_ scores: ScoreMatrix, rows: Range<Int>) throws {
    for i in rows {
      try writer.write(
        "\(group)/scores", rows: i..<(i + 1), from: scores[row: i - rows.lowerBound].baseAddress!)
    }
  }

  func finish() throws { try writer.finish() }
}

extension ScoredSample {
  static let columns = "subject_id,key,gender"

  /// Fields in the order of `columns`, quoted where RFC 4180 wants it.
  var csv: String {
    csvRow([identity, key, gender])
  }
}
