import Configurations
import Datasets
import Explain
import Foundation
import Kernels
import MOTE
import Records
import Specs
import Synchronization
import Workers

/// The networks of the people that are explained.
struct PersonalNetworks {
  let store: ResultStore
  let inputs: CellInputs
  let data: BatchData
  let workers: Int
  let interruption: Interruption

  /// The network of each person: read from the model-templates that a run of the same inputs has kept, else
  /// trained as a run would.
  ///
  /// - Parameter report: receives a line on where they come from.
  func networks(
    of people: MappedPeople, inputHash: String, templates: WeightPrecision?,
    report: (String) -> Void
  ) throws -> [Float64Network] {
    if let templates, let kept = try kept(people, inputHash: inputHash, templates, report: report) {
      return kept
    }
    let enrolment = inputs.enrolment!
    let isStopped = { interruption.isRequested }
    let found = Mutex<[Float64Network?]>(Array(repeating: nil, count: people.count))
    for fold in Set(people.folds).sorted() {
      let members = people.folds.indices.filter { people.folds[$0] == fold }
      let comparison = data.comparisons[fold]
      let context = try EnrolmentContext(
        partition: data.partitions[fold], configuration: enrolment.training, kde: enrolment.kde,
        bandwidths: data.bandwidths, workers: workers)
      let factor = enrolment.balancingFactors[0]
      try context.check(balancingFactor: factor)
      let crew = (0..<max(1, min(workers, members.count))).map { _ in
        EnrolmentWorker(context: context)
      }
      try concurrently(
        units: members.count, workers: crew.count, isStopped: isStopped
      ) { worker, unit in
        let person = members[unit]
        let reference = people.references[person]
        do {
          let outcome = try crew[worker].enrol(
            reference: comparison.set.vectors[row: Int(comparison.referenceRows[reference])]
              .baseAddress!,
            subjectKey: data.subjectKeys[Int(comparison.referenceSubjects[reference])],
            balancingFactor: factor, seed: data.seed,
            isCancelled: { interruption.isRequested })
          found.withLock { $0[person] = outcome.reference.network }
        } catch is EnrolmentCancelled {
          // That the run is to stop shows below.
        }
      }
      try interruption.check()
    }
    report("  \(people.count) people enrolled")
    return found.withLock { $0.compactMap { $0 } }
  }

  /// Networks of kept model-templates; nil where there are none of these inputs.
  private func kept(
    _ people: MappedPeople, inputHash: String, _ precision: WeightPrecision,
    report: (String) -> Void
  ) throws -> [Float64Network]? {
    let path = store.templatesPath(inputs.cell, precision)
    guard FileManager.default.fileExists(atPath: path) else { return nil }
    let templates = try ModelTemplates(path: path)
    guard templates.attributes["input_hash"] == inputHash else { return nil }
    let rows = Dictionary(
      templates.identities.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    var networks: [Float64Network] = []
    for identity in people.identities {
      guard let row = rows[identity] else { return nil }
      networks.append(try templates.references(row..<(row + 1))[0].network)
    }
    report("  networks read from \(path)")
    return networks
  }
}
