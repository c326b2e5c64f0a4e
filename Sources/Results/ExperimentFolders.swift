// Where an experiment and the paper's values lie.
import Foundation

/// The results folder that a user means: a folder with records, or an experiment's name whose folder
/// lies in `results`.
///
/// - Throws: `ResultsError.noSuchExperiment` that lists where was looked.
package func resultsFolder(of experiment: String, in results: URL) throws -> URL {
  let given = URL(fileURLWithPath: experiment)
  let candidates = [given, results.appendingPathComponent(experiment)]
  let found = candidates.first {
    FileManager.default.fileExists(atPath: $0.appendingPathComponent("records").path)
  }
  guard let found else {
    throw ResultsError.noSuchExperiment(
      experiment, looked: candidates.map { $0.appendingPathComponent("records").relativePath })
  }
  return found
}

/// The folder with the paper's values nearest to the current folder, else to `folder`.
package func publishedFolder(near folder: URL) -> URL? {
  let current = URL(fileURLWithPath: FileManager.default.currentDirectoryPath)
  for start in [current, folder.standardizedFileURL] {
    var place = start
    while true {
      let candidate = place.appendingPathComponent("experiments/published")
      if FileManager.default.fileExists(atPath: candidate.path) { return candidate }
      let parent = place.deletingLastPathComponent()
      if parent.path == place.path { break }
      place = parent
    }
  }
  return nil
}
