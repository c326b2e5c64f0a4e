import Configurations
import Kernels

/// Which rows form the batches of an epoch (definitions 6.3, 6.4).
///
/// Entries: 0 ..< cohortRows are cohort rows, cohortRows + i is synthetic mated row i.
///
/// - shuffled: all rows in random order, batches of `batchSize`, the last one partial.
/// - balanced: a batch is ceil(b/2) cohort rows and floor(b/2) synthetic mated rows (64 + 64); an
///   epoch passes the cohort once. Mated rows are taken from random orders of all of them, one
///   after the other, so that over an epoch each is used equally often (by default there are as
///   many as cohort rows, and each is used once). The last batch has the remaining cohort rows and
///   as many mated rows, at most floor(b/2).
///
/// Orders are drawn over slots (`MatedSplit`), so that balancing factors share them.
package struct BatchPlan: Sendable {
  package let cohortRows: Int
  package let split: MatedSplit
  package let batching: TrainingConfiguration.Batching
  /// Where each batch's entries begin in an epoch's order, and the end of the last.
  package let offsets: [Int]
  private let cohortPerBatch: Int
  private let matedPerBatch: Int

  package init(
    cohortRows: Int, split: MatedSplit, batching: TrainingConfiguration.Batching, batchSize: Int
  ) {
    precondition(cohortRows > 0 && split.count > 0 && batchSize > 0)
    self.cohortRows = cohortRows
    self.split = split
    self.batching = batching
    cohortPerBatch = batchSize - batchSize / 2
    matedPerBatch = batchSize / 2
    var offsets = [0]
    switch batching {
    case .shuffled:
      let total = cohortRows + split.count
      for end in stride(from: batchSize, to: total, by: batchSize) { offsets.append(end) }
      offsets.append(total)
    case .balanced:
      precondition(batchSize >= 2, "balanced batches of \(batchSize)")
      var passed = 0
      while passed < cohortRows {
        let cohort = min(cohortPerBatch, cohortRows - passed)
        offsets.append(offsets[offsets.count - 1] + cohort + min(cohort, matedPerBatch))
        passed += cohort
      }
    }
    self.offsets = offsets
  }

  package var batchCount: Int { offsets.count - 1 }
  /// Training samples of an epoch.
  package var samples: Int { offsets[offsets.count - 1] }

  /// Memory that `order` needs.
  package struct Scratch {
    var cohort: [Int32]
    var slots: [Int32]
    var words: [UInt32]
  }

  package func makeScratch() -> Scratch {
    let longest = cohortRows + split.slots
    let chunk = RandomFill.chunk
    return Scratch(
      cohort: [Int32](repeating: 0, count: longest),
      slots: [Int32](repeating: 0, count: split.slots),
      words: [UInt32](repeating: 0, count: (longest + chunk - 1) / chunk * chunk))
  }

  /// Writes the entries of epoch `epoch` into `order` (`samples` long). Streams (seed, batch order,
  /// subject, epoch).
  package func fill(
    _ order: inout [Int32], epoch: Int, seed: UInt64, subject: UInt32, scratch: inout Scratch,
    path: CPUPath
  ) {
    let draws = RandomFill(
      CounterRNG(
        seed: seed, purpose: .batchOrder, subject: subject, step: UInt32(truncatingIfNeeded: epoch)),
      path: path)
    var chunk = 0
    switch batching {
    case .shuffled:
      let total = cohortRows + split.slots
      for i in 0..<total { scratch.cohort[i] = Int32(truncatingIfNeeded: i) }
      shuffle(&scratch.cohort, count: total, draws, &chunk, &scratch.words)
      var next = 0
      for i in 0..<total {
        let entry = Int(scratch.cohort[i])
        if entry < cohortRows {
          order[next] = Int32(truncatingIfNeeded: entry)
        } else if let row = split.row(ofSlot: entry - cohortRows) {
          order[next] = Int32(truncatingIfNeeded: cohortRows + row)
        } else {
          continue
        }
        next += 1
      }
    case .balanced:
      for i in 0..<cohortRows { scratch.cohort[i] = Int32(truncatingIfNeeded: i) }
      shuffle(&scratch.cohort, count: cohortRows, draws, &chunk, &scratch.words)
      var nextCohort = 0
      var nextSlot = split.slots
      for batch in 0..<batchCount {
        let cohort = min(cohortPerBatch, cohortRows - nextCohort)
        var at = offsets[batch]
        for _ in 0..<cohort {
          order[at] = scratch.cohort[nextCohort]
          nextCohort += 1
          at += 1
        }
        while at < offsets[batch + 1] {
          if nextSlot == split.slots {
            for i in 0..<split.slots { scratch.slots[i] = Int32(truncatingIfNeeded: i) }
            shuffle(&scratch.slots, count: split.slots, draws, &chunk, &scratch.words)
            nextSlot = 0
          }
          if let row = split.row(ofSlot: Int(scratch.slots[nextSlot])) {
            order[at] = Int32(truncatingIfNeeded: cohortRows + row)
            at += 1
          }
          nextSlot += 1
        }
      }
    }
  }

  /// Fisher-Yates with one 32-bit word per position (bias below count / 2^32).
  private func shuffle(
    _ values: inout [Int32], count: Int, _ draws: RandomFill, _ chunk: inout Int,
    _ words: inout [UInt32]
  ) {
    let chunks = (count + RandomFill.chunk - 1) / RandomFill.chunk
    words.withUnsafeMutableBufferPointer { words in
      guard let base = words.baseAddress else { return }
      draws.words(chunks: chunk..<(chunk + chunks), into: base)
      chunk += chunks
      values.withUnsafeMutableBufferPointer { values in
        var i = count - 1
        while i > 0 {
          let j = Int((UInt64(base[i]) &* UInt64(i + 1)) &>> 32)
          values.swapAt(i, j)
          i -= 1
        }
      }
    }
  }
}
