import Biometrics
import Records
import Results
import Specs

/// How tables and figures name conventions. The default convention needs no name.
enum ConventionText {
  /// Conventions that stand first, in this order.
  static let usual = EvaluationConvention.usualNames

  /// What names of files add: "", "-paper-compatible".
  static func suffix(_ name: String) -> String { name == usual[0] ? "" : "-\(name)" }

  /// What titles add: "", ", paper-compatible convention".
  static func addition(_ name: String) -> String {
    name == usual[0] ? "" : ", \(name) convention"
  }
}

extension RecordSet {
  /// The switches of a convention as the spec writes them: "threshold per_group, non_mated
  /// reference, …"; nil where no record tells.
  func switches(ofConvention name: String) -> String? {
    records.lazy.compactMap { $0.conventions.first { $0.name == name } }.first.map {
      "threshold \($0.threshold.rawValue), non_mated \($0.nonMated.rawValue), "
        + "denominator \($0.denominator.rawValue), self_trials \($0.selfTrials.rawValue), "
        + "rule \($0.rule.rawValue), α = \($0.alpha)"
    }
  }
}
