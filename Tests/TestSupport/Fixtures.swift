import Foundation

/// Folder with the fixtures of this repository.
package let fixturesFolder = URL(fileURLWithPath: #filePath)
  .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("Fixtures")

/// Root of the checkout.
package let repositoryRoot = URL(fileURLWithPath: #filePath)
  .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

/// Folder of real embeddings, named by the environment variable MOTE_DATA; nil where it is not set
/// or no folder is there.
package let realDataFolder: URL? = {
  guard let path = ProcessInfo.processInfo.environment["MOTE_DATA"], !path.isEmpty else {
    return nil
  }
  var isFolder: ObjCBool = false
  guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue
  else { return nil }
  return URL(fileURLWithPath: path)
}()

/// What a test that needs `realDataFolder` says when it is skipped.
package let realDataAreMissing =
  "needs real embeddings: set MOTE_DATA to the folder of their HDF5 files"

/// A fresh folder that is removed by the caller (or with the system's temporary folder).
package func temporaryFolder(_ name: String = "mote-test") throws -> URL {
  let url = FileManager.default.temporaryDirectory
    .appendingPathComponent("\(name)-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  return url
}
