import Biometrics
import Configurations
import Specs

// The file of a subject record: a block (see ScoreBlock) whose numbers are a row per person, float32,
// NaN where there is none, and whose metadata say whose they are.
//
// Columns: images, distance of the reference, own score; balancing factor, epochs, restored epoch,
// learning rate, training and validation loss there, final training and validation loss; attempts of a
// guard, the kept one, its share of rejected proxies and their margin; then for each point false non-matches, false matches, false matches as probe. Counts are exact: float32
// holds whole numbers up to 2^24, more than a unit of work has probes.

/// Metadata of the block.
private struct SubjectHeader: Codable, Sendable {
  var version = SubjectRecord.currentVersion
  var key: Cell
  var isSynthetic: Bool
  var likeness: [Float]
  var densities: [String: DensitySummary]
  var validationDensities: [String: DensitySummary]
  var points: [SubjectPoint]
  /// Of each person.
  var identities: [String]
  var groups: [String]
  var folds: [Int]
  var referenceRows: [Int]
  var nearest: [SimilarPerson?]
  var secondNames: [[SimilarPerson]]
}

/// The header's version, which can be read whatever the rest looks like.
private struct SubjectVersion: Codable, Sendable {
  var version: Int
}

private let dataColumns = 3
private let trainingColumns = 8 + SubjectGuard.count

extension SubjectRecord {
  /// Writes the record, complete or not at all.
  ///
  /// - Parameter inputHash: that of the cell's record, which the file belongs to.
  package func write(to path: String, inputHash: String) throws(StoreError) {
    let header = SubjectHeader(
      key: key, isSynthetic: isSynthetic, likeness: likeness, densities: densities,
      validationDensities: validationDensities, points: points,
      identities: people.map(\.identity), groups: people.map(\.group), folds: people.map(\.fold),
      referenceRows: people.map(\.referenceRow), nearest: people.map(\.nearest),
      secondNames: people.map(\.secondNames))
    let untrained = [Float](repeating: .nan, count: trainingColumns)
    var numbers: [Float] = []
    for person in people {
      numbers += [Float(person.images), person.referenceDistance ?? .nan, person.ownScore ?? .nan]
      numbers += person.training?.numbers ?? untrained
      for errors in person.errors {
        numbers += [
          Float(errors.falseNonMatches), Float(errors.falseMatches),
          Float(errors.falseMatchesAsProbe),
        ]
      }
    }
    let columns = dataColumns + trainingColumns + 3 * points.count
    try ScoreBlock(
      scores: ScoreMatrix(scores: numbers, rows: people.count, columns: columns),
      metadata: header
    ).write(to: path, inputHash: inputHash)
  }

  /// Reads a record back.
  ///
  /// - Returns: nil when there is no such file, or it belongs to a record of other inputs.
  /// - Throws: `RecordError` for a damaged file, or one of another version.
  package static func read(from path: String, inputHash: String) throws(RecordError)
    -> SubjectRecord?
  {
    let block: ScoreBlock<SubjectHeader>
    do {
      let version = try ScoreBlock<SubjectVersion>.read(from: path, inputHash: inputHash)
      guard let version = version?.metadata.version else { return nil }
      guard version == currentVersion else {
        throw RecordError.version(file: path, found: version, expected: currentVersion)
      }
      guard let found = try ScoreBlock<SubjectHeader>.read(from: path, inputHash: inputHash) else {
        return nil
      }
      block = found
    } catch let error as RecordError {
      throw error
    } catch StoreError.badBlock(_, let reason) {
      throw .unreadable(file: path, reason: reason)
    } catch {
      throw .unreadable(file: path, reason: "\(error)")
    }
    let header = block.metadata
    let columns = dataColumns + trainingColumns + 3 * header.points.count
    let counts = [
      header.identities.count, header.groups.count, header.folds.count,
      header.referenceRows.count, header.nearest.count, header.secondNames.count,
    ]
    guard block.scores.columns == columns, counts.allSatisfy({ $0 == block.scores.rows }) else {
      throw .unreadable(file: path, reason: "its parts are not of the same people")
    }
    let people = (0..<block.scores.rows).map { i in
      let numbers = Array(block.scores[row: i])
      return SubjectLine(
        identity: header.identities[i], group: header.groups[i], fold: header.folds[i],
        referenceRow: header.referenceRows[i], images: Int(numbers[0]),
        referenceDistance: numbers[1].isNaN ? nil : numbers[1], nearest: header.nearest[i],
        secondNames: header.secondNames[i], ownScore: numbers[2].isNaN ? nil : numbers[2],
        training: SubjectTraining(numbers: numbers[dataColumns..<dataColumns + trainingColumns]),
        errors: header.points.indices.map { p in
          let first = dataColumns + trainingColumns + 3 * p
          return SubjectErrors(
            falseNonMatches: Int(numbers[first]), falseMatches: Int(numbers[first + 1]),
            falseMatchesAsProbe: Int(numbers[first + 2]))
        })
    }
    return SubjectRecord(
      key: header.key, isSynthetic: header.isSynthetic, likeness: header.likeness,
      densities: header.densities, validationDensities: header.validationDensities,
      points: header.points, people: people)
  }
}
