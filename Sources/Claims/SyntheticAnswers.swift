// K1: are synthetic samples like real ones (definitions 14)?
import AttackReports
import Configurations
import Records
import Results
import Specs

extension ClaimQuestion {
  /// One answer per density: of every cohort, for men and for women.
  func syntheticSamples(at place: Place) -> [ClaimAnswer] {
    records.kde.filter { Place($0.key) == place }.flatMap { record in
      record.genders.map { answer(place, record, $0) }
    }
  }

  /// All classifiers must stay below the border; one that is above it for certain is enough for a no.
  private func answer(
    _ place: Place, _ record: KDERecord, _ compared: ComparedDensity
  ) -> ClaimAnswer {
    // Densities are those of every factor.
    var configuration = record.key.configuration
    configuration.balancingFactor = nil
    var answer = ClaimAnswer(
      claim, place, configuration, convention: compared.gender.name,
      answer: .notTestable(compared.omission ?? "synthetic samples were not compared"),
      cells: [record.key])
    guard let found = compared.comparisons.first(where: { $0.kind == .synthetic }) else {
      return answer
    }
    let areas = found.classifiers.sorted { $0.key < $1.key }.map { ($0, $1.twoSided) }
    let (lower, upper) = (areas.compactMap(\.1.lower), areas.compactMap(\.1.upper))
    guard let worst = areas.max(by: { $0.1.value < $1.1.value }), upper.count == areas.count else {
      answer.answer = .notTestable("no interval of a classifier's AUC was made")
      return answer
    }
    answer.judge(
      worst.1.value, lower: lower.max(), upper: upper.max(),
      method: "percentile", region: claim.region)
    let others = record.configurations.filter { $0 != configuration.preset }
    answer.note =
      "classifier on \(worst.0), \(grouped(found.people)) people"
      + (others.isEmpty ? "" : "; the densities of \(others.joined(separator: ", ")) too")
    return answer
  }
}
