// Inputs that ours and the peers read alike: float32 and uint32 files in the byte order of the
// machine, written once before the first contestant starts and removed after the last.
//
// Embeddings are unit vectors of dimension 512 around unit centroids, four to an identity; the
// spread gives a cosine of about 0.65 between two of one identity, as ArcFace has on LFW.

import Files
import Foundation
import Kernels

/// Dimension of all embeddings of the benchmark.
package let benchmarkDimension = 512

/// One input file.
package enum BenchmarkInput: String, Sendable, CaseIterable, Equatable {
  /// Embeddings of other subjects, [cohort rows, 512].
  case cohort
  /// Differences to the centroid of the own subject, for the KDE, [residual rows, 512].
  case residuals
  /// One embedding per subject to enrol, [64, 512].
  case references
  /// Embeddings to score, [13233, 512].
  case probes
  /// Comparison scores, references × probes, [scores].
  case scores
  /// Ascending positions of the mated scores, [mated].
  case mated

  /// Rows, or scores, of the input.
  package func count(_ scale: BenchmarkScale) -> Int {
    let isFull = scale == .full
    switch self {
    // MORPH's rows.
    case .cohort: return isFull ? 55_134 : 10_000
    case .residuals: return 4_000
    case .references: return 64
    case .probes: return LFWLayout.images
    case .scores: return Self.references(scale) * LFWLayout.images
    case .mated: return LFWLayout().matedPositions(references: Self.references(scale)).count
    }
  }

  /// References (rows) of the score file: the 5,749 subjects of LFW, or the first tenth.
  package static func references(_ scale: BenchmarkScale) -> Int {
    scale == .full ? LFWLayout.subjects : LFWLayout.subjects / 10
  }

  /// Values of one row.
  package var columns: Int {
    switch self {
    case .cohort, .residuals, .references, .probes: benchmarkDimension
    case .scores, .mated: 1
    }
  }

  /// The file in `folder`.
  package func url(in folder: URL) -> URL {
    folder.appendingPathComponent(self == .mated ? "mated.u32" : "\(rawValue).f32")
  }

  /// Makes the file unless it is there.
  package func write(to folder: URL, _ scale: BenchmarkScale) throws {
    let url = url(in: folder)
    guard !FileManager.default.fileExists(atPath: url.path) else { return }
    let count = count(scale)
    let data: Data
    switch self {
    case .cohort: data = bytes(clusteredVectors(count, seed: 1))
    case .residuals: data = bytes(centroidResiduals(count, seed: 7))
    case .references: data = bytes(clusteredVectors(count, seed: 2))
    case .probes: data = bytes(clusteredVectors(count, seed: 5))
    case .scores: data = bytes(comparisonScores(scale))
    case .mated:
      let positions = LFWLayout().matedPositions(references: Self.references(scale))
      data = positions.withUnsafeBytes { Data($0) }
    }
    do throws(FileError) {
      try AtomicFile.write(data, to: url.path)
    } catch {
      throw BenchmarkError.notWritable(file: url.path, reason: error.reason)
    }
  }

  /// The first `rows` rows as a matrix (float inputs); nil: all.
  ///
  /// - Throws: `BenchmarkError.badInput` when the file is shorter.
  package func matrix(in folder: URL, rows: Int? = nil) throws -> FloatMatrix {
    let url = url(in: folder)
    let data = try mapped(url)
    let rows = rows ?? data.count / (4 * columns)
    let expected = rows * columns * 4
    guard data.count >= expected, data.count % (4 * columns) == 0 else {
      throw BenchmarkError.badInput(file: url.path, found: data.count, expected: expected)
    }
    let matrix = FloatMatrix(rows: rows, columns: columns)
    data.withUnsafeBytes { source in
      UnsafeMutableRawPointer(matrix.base).copyMemory(
        from: source.baseAddress!, byteCount: expected)
    }
    return matrix
  }

  private func mapped(_ url: URL) throws -> Data {
    do {
      return try Data(contentsOf: url, options: .mappedIfSafe)
    } catch {
      throw BenchmarkError.unreadable(file: url.path, reason: error.localizedDescription)
    }
  }

  private func bytes(_ matrix: FloatMatrix) -> Data {
    Data(bytes: matrix.base, count: matrix.rows * matrix.stride * MemoryLayout<Float>.stride)
  }

  /// Logits as MOTE gives them: non-mated N(-9, 3), mated N(8, 4).
  private func comparisonScores(_ scale: BenchmarkScale) -> FloatMatrix {
    let matrix = FloatMatrix(rows: count(scale), columns: 1)
    var normals = NormalStream(CounterRNG(seed: 1, purpose: .syntheticDataset, subject: 4))
    fillNormal(matrix, &normals)
    for i in 0..<matrix.rows { matrix.base[i] = matrix.base[i] * 3 - 9 }
    for position in LFWLayout().matedPositions(references: Self.references(scale)) {
      let i = Int(position)
      matrix.base[i] = (matrix.base[i] + 9) / 3 * 4 + 8
    }
    return matrix
  }
}

/// `n` unit vectors, four to an identity, [n, 512].
func clusteredVectors(_ n: Int, seed: UInt64) -> FloatMatrix {
  let d = benchmarkDimension
  let spread = Float(0.73 / Double(d).squareRoot())
  var normals = NormalStream(CounterRNG(seed: seed, purpose: .syntheticDataset, subject: 1))
  let centroids = FloatMatrix(rows: (n + 3) / 4, columns: d)
  fillNormal(centroids, &normals)
  for s in 0..<centroids.rows { normalise(centroids[row: s]) }
  let vectors = FloatMatrix(rows: n, columns: d)
  fillNormal(vectors, &normals)
  for i in 0..<n {
    let row = vectors[row: i]
    let centroid = centroids[row: i / 4]
    for k in 0..<d { row[k] = centroid[k] + spread * row[k] }
    normalise(row)
  }
  return vectors
}

/// Residuals to the centroids of their own four, [n, 512].
func centroidResiduals(_ n: Int, seed: UInt64) -> FloatMatrix {
  let d = benchmarkDimension
  let vectors = clusteredVectors((n + 3) / 4 * 4, seed: seed)
  let residuals = FloatMatrix(rows: n, columns: d)
  var mean = [Float](repeating: 0, count: d)
  for i in 0..<n {
    if i % 4 == 0 {
      for k in 0..<d { mean[k] = (0..<4).reduce(Float(0)) { $0 + vectors[row: i + $1][k] } / 4 }
    }
    let row = residuals[row: i]
    let vector = vectors[row: i]
    for k in 0..<d { row[k] = vector[k] - mean[k] }
  }
  return residuals
}

/// Fills a matrix with standard normal values.
private func fillNormal(_ matrix: FloatMatrix, _ normals: inout NormalStream) {
  for i in 0..<matrix.rows * matrix.stride { matrix.base[i] = Float(normals.next()) }
}

private func normalise(_ row: UnsafeMutableBufferPointer<Float>) {
  let norm = row.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
  for k in row.indices { row[k] = Float(Double(row[k]) / norm) }
}
