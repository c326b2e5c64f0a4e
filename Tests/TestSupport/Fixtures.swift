import Foundation

/// Folder with the fixtures of this repository.
package let fixturesFolder = URL(fileURLWithPath: #filePath)
  .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("Fixtures")

/// Root of the checkout.
package let repositoryRoot = URL(fileURLWithPath: #filePath)
  .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

/// Real embeddings beside the checkout, or nil where they are absent (such tests are skipped).
package let realDataFolder: URL? = {
  let folder = repositoryRoot.deletingLastPathComponent().appendingPathComponent("shared/data")
  return FileManager.default.fileExists(atPath: folder.path) ? folder : nil
}()

/// A fresh folder that is removed by the caller (or with the system's temporary folder).
package func temporaryFolder(_ name: String = "mote-test") throws -> URL {
  let url = FileManager.default.temporaryDirectory
    .appendingPathComponent("\(name)-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  return url
}
