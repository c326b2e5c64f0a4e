import Files

/// Named sets of synthetic files, as `make smoke` and the tests need them.
package enum SyntheticSuite: String, Sendable, CaseIterable {
  /// A cohort dataset and three evaluated ones by two extractors: a whole experiment in minutes.
  case smoke

  /// The datasets of the suite, each with its file name `<dataset>_<extractor>.h5`.
  package func datasets(seed: UInt64) -> [(file: String, dataset: SyntheticDataset)] {
    let parts: [(SyntheticDataset.Likeness, Double)] =
      switch self {
      case .smoke: [(.morph, 0.03), (.adience, 0.04), (.colorferet, 0.1), (.lfw, 0.03)]
      }
    return parts.flatMap { part in
      SyntheticExtractor.all.map { extractor in
        (
          "\(part.0.rawValue)_\(extractor.name).h5",
          SyntheticDataset(like: part.0, scale: part.1, extractor: extractor, seed: seed)
        )
      }
    }
  }

  /// Writes all files of the suite into a folder, which is made when missing.
  ///
  /// - Parameters:
  ///   - replaces: whether files of other content may be replaced; else nothing is written where
  ///     there is one.
  ///   - progress: told each file's path when it is complete.
  package func write(
    to folder: String, seed: UInt64, replaces: Bool = false,
    progress: (String, SyntheticDataset) -> Void
  ) throws {
    try AtomicFile.makeFolder(folder)
    let files = datasets(seed: seed).map { (path: "\(folder)/\($0.file)", dataset: $0.dataset) }
    for file in files { try file.dataset.protect(file.path, replaces: replaces) }
    for file in files {
      try file.dataset.write(to: file.path)
      progress(file.path, file.dataset)
    }
  }
}
