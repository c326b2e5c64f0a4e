import Biometrics
import Foundation
import Records
import Specs
import TestSupport
import Testing

/// Damaged and edited files are refused, or are read as they were written; `make mutation-test` tries
/// 10,000 mutants of each kind.
@Suite struct MutantTests {
  private struct Unit: Codable, Sendable { var epochs: [Int] }

  @Test func noMutantOfAScoreBlockIsReadAsAnother() throws {
    let folder = try temporaryFolder("mutants")
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appendingPathComponent("0.f32").path
    let scores = (0..<16 * 24).map { Float($0) * 0.37 - 5 }
    try ScoreBlock(
      scores: ScoreMatrix(scores: scores, rows: 16, columns: 24),
      metadata: Unit(epochs: [3, 4, 10, 12])
    ).write(to: path, inputHash: "inputs")
    let counts = try tryMutants(of: path) { path in
      let block = try ScoreBlock<Unit>.read(from: path, inputHash: "inputs")
      var content = Data()
      if let block {
        content += canonicalJSON(block.metadata)
        content += "\(block.scores.rows)x\(block.scores.columns)".utf8
        for row in 0..<block.scores.rows {
          for score in block.scores[row: row] {
            withUnsafeBytes(of: score.bitPattern) { content += $0 }
          }
        }
      }
      return content
    }
    print("mutants of a score block: \(counts)")
    #expect(counts.silent == 0 && counts.unnamed == 0, "\(counts)")
  }

  @Test func noMutantOfAShardManifestIsReadAsAnother() throws {
    let folder = try temporaryFolder("mutants")
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appendingPathComponent(ShardManifest.fileName).path
    let spec = try SpecFolder(["spec.yaml": specText()]).load()
    let hashes = DataHashes(
      embeddings: ["Adience/ArcFace": "a", "LFW/ArcFace": "l", "MORPH/ArcFace": "m"])
    let fingerprints = spec.cells().map { cell in
      (
        cell.slug,
        CellFingerprint(
          of: spec.inputs(of: cell, hashes), stageVersions: ["biometrics": 1],
          libraries: ["cpu-path": "avx2"])
      )
    }
    try RecordFolder.write(
      ShardManifest(
        experiment: "small", specHash: spec.specHash, shard: try #require(Shard("1/3")),
        fingerprints: Dictionary(uniqueKeysWithValues: fingerprints),
        versions: ["swift": "0.0", "cpu-path": "avx2"], machine: "fake machine"), to: path)
    let counts = try tryMutants(of: path) { path in
      canonicalJSON(try RecordFolder<ShardManifest>.read(path))
    }
    print("mutants of a shard manifest: \(counts)")
    #expect(counts.silent == 0 && counts.unnamed == 0, "\(counts)")
  }
}
