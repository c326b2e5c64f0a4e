import Biometrics

extension TableCell {
  /// A mean over people above its interval; without one the reason is a footnote. Nil: there is no value.
  init(_ mean: MeanOverPeople?, _ format: CellFormat, isSigned: Bool = false) {
    guard let mean else {
      self.init(CellFormat.notAvailable)
      return
    }
    let interval = mean.lower.flatMap { lower in mean.upper.map { format.interval(lower, $0) } }
    self.init(
      isSigned ? format.signed(mean.value) : format.text(mean.value), detail: interval ?? "",
      footnotes: mean.note.map { [$0] } ?? [])
  }
}
