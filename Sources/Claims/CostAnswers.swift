// C1 and C2: figures beside the paper's; a machine's timings and a file's bytes answer no question.
import Configurations
import Records
import Results
import Specs

extension ClaimQuestion {
  /// One comparison per measured cell.
  func costs(at place: Place) -> [ClaimAnswer] {
    records.costs.filter { Place($0.key) == place }.map { cost in
      var answer = ClaimAnswer(
        claim, place, cost.key.configuration, answer: .compared, cells: [cost.key])
      if claim.statistic == .storageRatio {
        guard
          let own = cost.storage.first(where: { $0.system == "mote" && $0.precision == .float32 }),
          let dimension = cost.dims.first
        else {
          answer.answer = .notTestable("storage was not measured")
          return answer
        }
        answer.estimate = Double(own.numberBytes) / Double(4 * dimension)
        answer.note =
          "\(grouped(own.numberBytes)) bytes, a file of \(grouped(Int(own.fileBytes.rounded())))"
      } else {
        answer.estimate = cost.enrolment.total.mean
        answer.repeats = cost.enrolment.repeats
        let single = cost.comparison.first { $0.system == "mote" && $0.batch == 1 }
        answer.note =
          (single.map { "a decision takes \(significantText(1e3 * $0.seconds, 2)) ms; " } ?? "")
          + cost.provenance.machine
      }
      return answer
    }
  }
}
