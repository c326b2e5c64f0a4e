import Configurations
import Datasets
import Foundation
import HDF5Library
import Kernels
import TestSupport
import Testing

@Suite struct RowsAsReadTests {
  /// Writes vectors, loads them and gives them back as read.
  private func asRead(_ vectors: FloatMatrix, normalise: Bool = true) throws -> FloatMatrix {
    let folder = try temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appendingPathComponent("rows.h5").path
    let writer = try HDF5Writer(path: path)
    try writer.create("embeddings", .float32, shape: [vectors.rows, vectors.columns])
    try writer.write("embeddings", rows: 0..<vectors.rows, from: vectors.base)
    try writer.writeStrings("identity", (0..<vectors.rows).map { "p\($0 / 2)" })
    try writer.writeStrings("gender", (0..<vectors.rows).map { $0 / 2 % 2 == 0 ? "M" : "F" })
    try writer.finish()
    var source = EmbeddingSource(path: path)
    source.normalise = normalise
    let (set, _) = try EmbeddingSet.load(source, dataset: "X", extractor: "e")
    #expect(set.isNormalised == normalise)
    return EmbeddingRows(all: set).asRead()
  }

  private func random(_ value: (inout CounterRNG) -> Float) -> FloatMatrix {
    let matrix = FloatMatrix(rows: 40, columns: 65)
    var rng = CounterRNG(seed: 4, purpose: .syntheticDataset)
    for i in 0..<40 { for j in 0..<65 { matrix[row: i][j] = value(&rng) } }
    return matrix
  }

  private func values(_ matrix: FloatMatrix) -> [Float] {
    (0..<matrix.rows).flatMap { matrix.values(ofRow: $0) }
  }

  @Test func wholeNumbersAndFloat16ComeBackExactly() throws {
    for matrix in [
      random { Float($0.index(below: 9)) - 4 },
      random { Float(Float16($0.uniform() * 30 - 15)) },
      random { (Float($0.index(below: 256)) - 128) * 0.0371 },
    ] {
      let found = try values(asRead(matrix))
      let expected = values(matrix)
      // The third is whole numbers times a float32 step: more bits than come back.
      let isExact = zip(found, expected).allSatisfy { $0 == $1 }
      let isShort = expected.allSatisfy { $0.significandBitPattern & 3 == 0 }
      #expect(isExact == isShort)
      #expect(zip(found, expected).allSatisfy { abs($0 - $1) <= abs($1) * 0x1p-22 })
    }
  }

  @Test func vectorsThatAreNotNormalisedAreAsTheyAre() throws {
    let matrix = random { Float($0.uniform()) }
    #expect(try values(asRead(matrix, normalise: false)) == values(matrix))
  }
}
