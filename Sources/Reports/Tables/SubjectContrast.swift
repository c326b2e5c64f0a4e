import Biometrics
import Records
import Specs

// Where errors are: what data, training and reference say of people with false non-matches and of the
// others.

extension SubjectList {
  /// A line for each number that may explain errors; nil where all or none of the people have some.
  package func contrast() -> Table? {
    // Who has no mated comparison can have no false non-match.
    let people = people.filter { mated($0) > 0 }
    let isWrong = people.map { (errors(of: $0)?.falseNonMatches ?? 0) > 0 }
    let wrong = isWrong.count { $0 }
    if wrong == 0 || wrong == people.count { return nil }
    func row(
      _ name: String, _ text: (Double) -> String, _ value: (SubjectLine) -> Double?
    ) -> TableRow? {
      let known = zip(people, isWrong).compactMap { person, isWrong in
        value(person).flatMap { $0.isFinite ? (value: $0, isWrong: isWrong) : nil }
      }
      let (first, second) = (
        known.filter(\.isWrong).map(\.value), known.filter { !$0.isWrong }.map(\.value)
      )
      guard let found = RankContrast(first, second) else { return nil }
      let area = CellFormat.twoDecimals
      return TableRow(
        name,
        [
          TableCell(text(found.firstMedian), detail: "(\(found.first))"),
          TableCell(text(found.secondMedian), detail: "(\(found.second))"),
          TableCell(
            area.text(found.area),
            detail: found.interval.map { area.interval($0.lowerBound, $0.upperBound) } ?? "",
            footnotes: found.interval == nil ? ["no interval: one person, or no spread"] : []),
        ])
    }
    let rows = [
      row("Images", CellFormat.tenths.text) { Double($0.images) },
      row("Reference distance", CellFormat.equitability.text) {
        $0.referenceDistance.map(Double.init)
      },
      row("Cosine of the nearest other person", CellFormat.equitability.text) {
        ($0.nearest?.cosine).map(Double.init)
      },
      row("Own score", CellFormat.area.text) { $0.ownScore.map(Double.init) },
      row("Epochs", CellFormat.tenths.text) { $0.training.map { Double($0.epochs) } },
      row("Restored epoch", CellFormat.tenths.text) {
        $0.training.map { Double($0.restoredEpoch) }
      },
      row("Learning rate there", CellFormat.scientific) {
        $0.training.map { Double($0.learningRate) }
      },
      row("Training loss there", CellFormat.scientific) {
        $0.training?.trainingLoss.map(Double.init)
      },
      row("Validation loss there", CellFormat.scientific) {
        $0.training?.validationLoss.map(Double.init)
      },
      row("Proxy FNMR", CellFormat.equitability.text) {
        ($0.training?.guarded).map { Double($0.proxyFNMR) }
      },
      row("Proxy margin", CellFormat.area.text) {
        ($0.training?.guarded).map { Double($0.margin) }
      },
    ].compactMap { $0 }
    return Table(
      name: "contrast-\(record.key.slug)", title: "Where errors are: \(record.key.title)",
      caption:
        "Medians of the people with false non-matches and of the others with mated comparisons, "
        + "in brackets how many have the number. Area: chance that one with errors has the larger value than one "
        + "without, ties half; 0.5 tells nothing (95 % interval by DeLong's error over people).",
      isSynthetic: record.isSynthetic,
      columns: TableColumn.labels("Quantity")
        + ["With errors", "Others", "Area"].map { TableColumn($0) },
      rows: rows)
  }
}
