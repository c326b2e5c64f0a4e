import Foundation

/// Folder with the fixtures of this repository.
package let fixturesFolder = URL(fileURLWithPath: #filePath)
  .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("Fixtures")

/// Root of the checkout.
package let repositoryRoot = URL(fileURLWithPath: #filePath)
  .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

/// Files that tests read in the folder of real embeddings.
private let realDataFiles = [
  "adience-subset_arcface-mbf512_A.h5", "adience_folds.csv", "lfw_arcface-mbf512_A.h5",
  "lfw_facenet128_A.h5", "lfw_insightface512_A.h5", "lfw_people.csv",
]

/// Folder of real embeddings, named by the environment variable MOTE_DATA; nil where it is not set
/// or the files are not there.
package let realDataFolder: URL? = {
  guard let path = ProcessInfo.processInfo.environment["MOTE_DATA"], !path.isEmpty else {
    return nil
  }
  guard realDataFiles.allSatisfy({ FileManager.default.fileExists(atPath: "\(path)/\($0)") })
  else { return nil }
  return URL(fileURLWithPath: path)
}()

/// The environment for programs that tests start: the folder of real embeddings is for tests alone.
package let testEnvironment = ProcessInfo.processInfo.environment.filter { $0.key != "MOTE_DATA" }

/// What a test that needs `realDataFolder` says when it is skipped.
package let realDataAreMissing =
  "needs real embeddings: set MOTE_DATA to the folder with \(realDataFiles.joined(separator: ", "))"

/// Where the temporary folders of this process lie; removed when it ends.
private let temporaryRoot: URL = {
  atexit { try? FileManager.default.removeItem(at: temporaryRoot) }
  return FileManager.default.temporaryDirectory.appendingPathComponent(
    "mote-tests-\(UUID().uuidString)")
}()

/// A fresh folder that is removed by the caller, or when the tests end.
package func temporaryFolder(_ name: String = "mote-test") throws -> URL {
  let url = temporaryRoot.appendingPathComponent("\(name)-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  return url
}
