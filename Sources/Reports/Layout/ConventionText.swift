import Biometrics
import Foundation
import Records
import Specs

extension RecordSet {
  /// The switches of a convention that a spec defined, as the spec writes them: "threshold
  /// per_group, non_mated reference, …"; nil where no record tells.
  func switches(ofConvention name: String) -> String? {
    for record in records {
      guard let text = record.fingerprint?.parts["spec conventions"],
        let all = try? JSONDecoder().decode([EvaluationConvention].self, from: Data(text.utf8)),
        let convention = all.first(where: { $0.name == name })
      else { continue }
      return
        "threshold \(convention.threshold.rawValue), non_mated \(convention.nonMated.rawValue), "
        + "denominator \(convention.denominator.rawValue), self_trials "
        + "\(convention.selfTrials.rawValue), rule \(convention.rule.rawValue), "
        + "α = \(convention.alpha)"
    }
    return nil
  }
}
