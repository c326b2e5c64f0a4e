import Datasets
import MOTE
import Records
import Specs

/// What enrolling and comparing cost in a batch of cells, from a few references of its own data.
package struct Pilot: Sendable {
  /// Wall seconds per reference with all workers at work, comparison with all probes included.
  var secondsPerReference: Double
  /// Wall seconds of preparing all folds: densities, packed rows.
  var preparingSeconds: Double
  /// Training work of an epoch, to carry the measurement over to other data.
  var rowsPerEpoch: Double
  var bandwidthRows: Double
}

extension Runner {
  /// Measures batches in turn until the time is used up, with early stopping, comparison and waiting
  /// as in the run. A batch that was not reached takes over the figures of its configuration,
  /// scaled by rows.
  ///
  /// - Parameters:
  ///   - batches: cells to do with their data, in table order.
  ///   - seconds: time that may be used, roughly.
  /// - Returns: a pilot by batch number; none where nothing of the configuration could be measured.
  func pilots(_ batches: [(batch: CellBatch, data: BatchData)], seconds: Double) throws
    -> [Int: Pilot]
  {
    let clock = ContinuousClock()
    let trained = batches.indices.filter { batches[$0].batch.configuration != nil }
    // The first batch of each configuration goes first.
    var seen: Set<String> = []
    let firsts = trained.filter { seen.insert(batches[$0].batch.configuration!).inserted }
    let order = firsts + trained.filter { !firsts.contains($0) }
    var found: [Int: Pilot] = [:]
    var used = 0.0
    for (turn, index) in order.enumerated() {
      let isFirst = turn < firsts.count
      if !isFirst && used >= seconds { break }
      let start = clock.now
      // What cannot be enrolled costs nothing: the run will say why.
      found[index] = try? pilot(
        batches[index].batch, batches[index].data,
        seconds: max(0.3, (seconds - used) / Double(order.count - turn)))
      used += (clock.now - start) / .seconds(1)
    }
    for index in trained where found[index] == nil {
      let other = trained.first {
        batches[$0].batch.configuration == batches[index].batch.configuration && found[$0] != nil
      }
      guard let other, let measured = found[other] else { continue }
      let own = work(batches[index].data, batches[index].batch)
      var pilot = measured
      pilot.secondsPerReference *= own.epoch / measured.rowsPerEpoch
      // Distances of all pairs of residuals.
      let ratio = own.bandwidth / max(1, measured.bandwidthRows)
      pilot.preparingSeconds *= ratio * ratio
      found[index] = pilot
    }
    return found
  }

  /// Rows of a training epoch and rows that densities are made from.
  private func work(_ data: BatchData, _ batch: CellBatch) -> (epoch: Double, bandwidth: Double) {
    let size = CellSize(data, replicates: 0)
    let training = spec.configuration(batch.configuration!).training
    let mated = Double(training.matedRows(cohortRows: size.cohortRows))
    return (
      max(1, Double(size.cohortRows) + mated + Double(size.developmentRows)),
      Double(size.cohortRows)
    )
  }

  private func pilot(_ batch: CellBatch, _ data: BatchData, seconds: Double) throws -> Pilot {
    let clock = ContinuousClock()
    let configuration = spec.configuration(batch.configuration!)
    let comparison = data.comparisons[0]
    let cell = spec.scoredCells(of: batch)[0]
    let probes = comparison.probes.packed()
    var start = clock.now
    let crew = try EnrolmentCrew(
      data.partitions[0], configuration, workers: options.workers, interruption: interruption)
    let preparing = (clock.now - start) / .seconds(1)
    // Rounds of a reference per worker and more, spread over the subjects.
    let round = min(comparison.referenceCount, max(4, 2 * options.workers))
    var references = 0
    start = clock.now
    var elapsed = 0.0
    let places = max(1, comparison.referenceCount / max(1, round))
    for k in 0..<min(8, places) {
      let first = k * places / min(8, places) * round
      let rows = first..<min(first + round, comparison.referenceCount)
      _ = try crew.enrolAndCompare(
        UnitOfWork(fold: comparison.fold, index: 0, rows: rows), comparison, probes: probes,
        columns: data.columns(fold: 0, cell: cell, in: spec), subjectKeys: data.subjectKeys,
        factor: cell.balancingFactor!, seed: data.seed)
      references += rows.count
      elapsed = (clock.now - start) / .seconds(1)
      if elapsed >= seconds { break }
    }
    let work = work(data, batch)
    return Pilot(
      secondsPerReference: elapsed / Double(max(1, references)),
      preparingSeconds: preparing * Double(data.partitions.count), rowsPerEpoch: work.epoch,
      bandwidthRows: work.bandwidth)
  }
}
