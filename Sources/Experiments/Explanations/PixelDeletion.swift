// Deletion by pixels (definitions 7.4): greyed faces went through the whole backbone again.
import Explain
import Records

/// What greying pixels does to the mated trials of a cell.
struct GreyedTrials {
  /// The fall of the score by choice and side of pixels, [t] by system.
  let drops: [ExplainedSystem: [ExplainedTrials.DeletionKey: [Double]]]

  /// Scores greyed faces and faces as they are, both as the backbone embeds them, with the templates of the
  /// explained trials.
  ///
  /// - Throws: `OcclusionError.lacks` where a trial's image lacks an occlusion that the file holds.
  init(
    _ faces: OccludedFaces, _ explained: ExplainedTrials, isNormalised: Bool, workers: Int,
    interruption: Interruption
  ) throws {
    let (people, maps) = (explained.people, explained.maps)
    let mated = people.trials.filter(\.isMated)
    let occlusions = faces.occlusions.sorted {
      ($0.side, $0.cells.rawValue) < ($1.side, $1.cells.rawValue)
    }
    var drops: [ExplainedSystem: [ExplainedTrials.DeletionKey: [Double]]] = [:]
    for system in ExplainedSystem.allCases {
      let falls = try collected(mated.count, workers, interruption) { t -> [Double] in
        let trial = mated[t]
        let score = explained.scores[system]![trial.reference]
        let before = score.value(of: faces.embedding(of: trial.image), isNormalised: isNormalised)
        return try occlusions.map { occlusion in
          let greyed = try faces.embeddings(
            of: trial.image, identity: maps.identities[trial.image], system: system.rawValue,
            occlusion)
          let sum = greyed.reduce(0.0) {
            $0 + before - score.value(of: $1, isNormalised: isNormalised)
          }
          return sum / Double(greyed.count)
        }
      }
      drops[system] = Dictionary(
        uniqueKeysWithValues: occlusions.enumerated().map { k, occlusion in
          (.init(cells: occlusion.cells, side: occlusion.side), falls.map { $0[k] })
        })
    }
    self.drops = drops
  }
}

/// Files of greyed faces, one for each cell that has one.
struct GreyedCells {
  private var faces: [String: OccludedFaces] = [:]
  private var agreement: [String: (deviation: Double, tolerance: Double)] = [:]

  /// Reads the files and holds them against the feature maps.
  ///
  /// - Parameter cells: names of the cells that are explained.
  /// - Throws: `HDF5Error`, `OcclusionError`.
  init(_ paths: [String], maps: ExportedMaps, cells: [String]) throws {
    for path in paths {
      let found = try OccludedFaces(path: path)
      guard cells.contains(found.cell) else {
        throw OcclusionError.otherCell(path, cell: found.cell, cells: cells)
      }
      if let other = faces[found.cell] {
        throw OcclusionError.twice(other.path, path, cell: found.cell)
      }
      agreement[found.cell] = try found.check(against: maps)
      faces[found.cell] = found
    }
  }

  /// The faces of a cell; nil: there is no file.
  ///
  /// - Throws: `OcclusionError.otherModels`.
  func faces(of cell: String, inputHash: String) throws -> OccludedFaces? {
    guard let found = faces[cell] else { return nil }
    guard found.inputHash == inputHash else {
      throw OcclusionError.otherModels(
        found.path, cell: cell, found: found.inputHash, expected: inputHash)
    }
    return found
  }

  /// What the record says of a cell's faces.
  func record(_ found: OccludedFaces, drops: [ScoreDrop]) -> PixelDeletion {
    let agreed = agreement[found.cell]!
    return PixelDeletion(
      facesHash: found.sha256, model: found.model, draws: found.draws,
      deviation: agreed.deviation, tolerance: agreed.tolerance, drops: drops)
  }
}
