// Synthetic samples beside real ones (definitions 14): a table per dataset, extractor and gender.
import AttackReports
import Biometrics
import Configurations
import Records
import Results
import Specs

/// Tables of the comparisons.
///
/// - Parameter title: of the experiment; empty: not known.
package func kdeTable(_ records: [KDERecord], title: String = "") -> ReportDocument {
  let parts = KDEPart.all(of: records)
  return ReportDocument(
    name: "kde", title: "Synthetic samples beside real ones",
    reading: [
      "Evaluated people whom the density has not seen: differences “another image − reference” beside "
        + "“synthetic sample − reference”, as many of both from each person.",
      "The two differ even for a perfect density: a real difference holds two residuals, a synthetic "
        + "one a residual and the kernel's noise. So expected squared norms stand below measured ones, "
        + "and two controls beside the comparison: the same images with another image of the person as "
        + "reference, and synthetic samples with h = s, whose squared norm is expected to be that of "
        + "real differences.",
      "AUC: logistic regression on people that it has not learnt from, two-sided. On whitened "
        + "differences it sees where samples lie and is blind to how far they spread; on energies in "
        + "bands of principal axes it sees that. Brackets: 95 % bootstrap intervals over people.",
      "p: share of permutations, in which people swap their real samples for the others, that give as "
        + "large a value. A large p is no proof of likeness.",
    ], tables: parts.map(\.table), tidy: parts.flatMap(\.tidyRows),
    isSynthetic: records.contains(where: \.isSynthetic),
    provenance: ProvenanceSummary(of: records.map(\.provenance), title: title))
}

/// One gender's density of one record.
struct KDEPart {
  let record: KDERecord
  let compared: ComparedDensity
  /// Whether densities of several configurations are at the place.
  let namesConfiguration: Bool
  /// Bandwidths that other configurations give for the same residuals, by name: those that scikit-learn's
  /// tree would choose, for example.
  let given: [(name: String, bandwidth: Double)]

  /// All of some records, in order.
  static func all(of records: [KDERecord]) -> [KDEPart] {
    records.flatMap { record in
      let several = records.count { Place($0.key) == Place(record.key) } > 1
      return record.genders.map { compared in
        KDEPart(
          record: record, compared: compared, namesConfiguration: several,
          given: records.compactMap { other in
            given(by: other, besides: record, compared).map { (other.configurations[0], $0) }
          })
      }
    }
  }

  /// The bandwidth that another record's configuration gives for the same residuals; nil: it gives none.
  private static func given(
    by other: KDERecord, besides record: KDERecord, _ compared: ComparedDensity
  ) -> Double? {
    guard other.inputHash != record.inputHash, Place(other.key) == Place(record.key),
      let own = compared.density, own.shrinkage == nil,
      let density = other.genders.first(where: { $0.gender == compared.gender })?.density
    else { return nil }
    let isOfTheSame =
      density.rows == own.rows && density.rowDeviation == own.rowDeviation
      && density.shrinkage == nil
    return isOfTheSame && density.searchedRows == 0 ? density.bandwidth : nil
  }

  private var place: Place { Place(record.key) }

  /// "LFW-ArcFace-male", with the configuration where there are several densities.
  var stem: String {
    ([place.dataset, place.extractor, compared.gender.name]
      + (namesConfiguration ? [record.key.preset ?? ""] : [])).joined(separator: "-")
  }

  /// "LFW, ArcFace, men".
  var title: String {
    let people = compared.gender == .male ? "men" : "women"
    return "\(place.dataset), \(place.extractor), \(people)"
      + (namesConfiguration
        ? ", densities of \(record.configurations.joined(separator: ", "))" : "")
  }

  /// What the density is.
  var densityText: String {
    guard let density = compared.density else { return "No density." }
    func number(_ value: Double) -> String { significantText(value, 3) }
    return
      "Density of \(grouped(density.rows)) residuals of \(grouped(density.people)) people, "
      + "d = \(density.dimension): h = \(number(density.bandwidth))\(density.shrinkage.map { " of the residuals' covariance, shrunk by \(CellFormat.twoDecimals.text($0))" } ?? ""), "
      + "noise \(density.shrinkage == nil ? "h√d" : "ht√d") = "
      + "\(number(density.noiseNorm)) beside a median residual of \(number(density.medianNorm)), "
      + "deviation of a component \(number(density.rowDeviation)) of drawn residuals and "
      + "s = \(number(density.deviation)) of images."
  }

  // MARK: - Table

  var table: Table {
    var table = Table(
      name: "kde-\(stem)", title: "Synthetic beside real: \(title)",
      caption: densityText
        + " The last line: share of the squared norm that lies beyond the first half "
        + "of the residuals' principal axes.",
      isSynthetic: record.isSynthetic,
      columns: TableColumn.labels("Real images beside")
        + ["Synthetic", "Real, other reference", "Synthetic, h = s"].map { TableColumn($0) })
    if let omission = compared.omission {
      let absent = TableCell(CellFormat.notAvailable, footnotes: [omission])
      table.rows = [TableRow("People", [absent, .blank, .blank])]
      return table
    }
    table.rows = [
      row("People") { TableCell(grouped($0.people), footnotes: $0.omission.map { [$0] } ?? []) },
      row("Samples of either kind") { TableCell(grouped($0.pairs)) },
      row("Squared norm, real") { cell($0.realSquare) },
      row("expected, 2 s²d", .secondary) { [compared] _ in
        TableCell(compared.density.map { CellFormat.area.text($0.expectedReal) } ?? "")
      },
      row("Squared norm, the others") { cell($0.otherSquare) },
      row("expected", .secondary) { TableCell(CellFormat.area.text($0.expectedOtherSquare)) },
      row("Cosine to the reference, real") { cell($0.realCosine) },
      row("the others", .secondary) { cell($0.otherCosine) },
      row("KS distance of cosines") { cell($0.kolmogorovSmirnov) },
      row("p", .secondary) { pCell($0.kolmogorovSmirnov) },
      row("Energy distance") { cell($0.energyDistance) },
      row("p; mean under swaps", .secondary) { pCell($0.energyDistance, tellsMean: true) },
    ]
    for name in classifierNames {
      table.rows += [
        row("AUC on \(name)") { cell($0.classifiers[name]?.twoSided) },
        row("p", .secondary) { pCell($0.classifiers[name]) },
      ]
    }
    table.rows.append(
      TableRow(
        "Minor axes: real, synthetic",
        [
          TableCell(
            [compared.axes.real, compared.axes.synthetic].map {
              CellFormat.percent.text(minorShare($0)) + " %"
            }.joined(separator: ", ")), .blank, .blank,
        ]))
    return table
  }

  /// Names of the classifiers, sorted.
  var classifierNames: [String] {
    compared.comparisons.flatMap { Array($0.classifiers.keys) }.distinct().sorted()
  }

  private func row(
    _ label: String, _ style: TableRow.Style = .body, _ cell: (SampleComparison) -> TableCell
  ) -> TableRow {
    TableRow(
      label,
      SampleComparison.Kind.allCases.map { kind in
        compared.comparisons.first { $0.kind == kind }.map(cell) ?? .blank
      }, style: style)
  }

  private func cell(_ mean: MeanOverPeople?) -> TableCell {
    TableCell(mean, CellFormat(decimals: 3))
  }

  private func cell(_ tested: TestedStatistic?) -> TableCell {
    guard let tested else { return TableCell(CellFormat.notAvailable) }
    let format = CellFormat(decimals: 3)
    guard let lower = tested.lower, let upper = tested.upper else {
      return TableCell(format.text(tested.value))
    }
    return TableCell(format.text(tested.value), detail: format.interval(lower, upper))
  }

  private func pCell(_ tested: TestedStatistic?, tellsMean: Bool = false) -> TableCell {
    guard let tested, let p = tested.p else { return .blank }
    let format = CellFormat(decimals: 3)
    let mean = tellsMean ? tested.meanUnderSwap.map { "; \(format.text($0))" } : nil
    return TableCell(format.text(p) + (mean ?? ""))
  }

  /// Share beyond the first half of the axes.
  func minorShare(_ squares: [Double]) -> Double {
    let total = squares.reduce(0, +)
    return total > 0 ? squares[((squares.count + 1) / 2)...].reduce(0, +) / total : 0
  }

  // MARK: - CSV

  var tidyRows: [TidyRow] {
    var rows: [TidyRow] = []
    func add(
      _ quantity: String, _ value: Double?, rule: String? = nil,
      interval: (Double?, Double?) = (nil, nil),
      people: Int? = nil, note: String = ""
    ) {
      let row = TidyRow(
        dataset: place.dataset, extractor: place.extractor, system: record.key.system,
        preset: record.key.preset, group: compared.gender.name, convention: "", quantity: quantity,
        rule: rule, value: value, lower: interval.0, upper: interval.1,
        intervalMethod: interval.0 == nil ? nil : "percentile", isSynthetic: record.isSynthetic,
        note: [people.map { "\(grouped($0)) people" } ?? "", note].filter { !$0.isEmpty }
          .joined(separator: "; "))
      rows.append(row)
    }
    if let density = compared.density {
      add("kde-residuals", Double(density.rows))
      add("kde-people", Double(density.people))
      add("kde-bandwidth", density.bandwidth, rule: density.searchedRows > 0 ? "search" : "given")
      add("kde-noise-norm", density.noiseNorm)
      add("kde-median-residual-norm", density.medianNorm)
      add("kde-deviation", density.rowDeviation, rule: "drawn residuals")
      add("kde-deviation", density.deviation, rule: "images")
      add("kde-expected-square", density.expectedReal, rule: "real")
      add("kde-expected-square", density.expectedSynthetic, rule: "synthetic")
    }
    if let omission = compared.omission { add("kde-comparison", nil, note: omission) }
    for found in compared.comparisons {
      let rule = found.kind.rawValue
      func addMean(_ quantity: String, _ mean: MeanOverPeople?) {
        guard let mean else { return }
        add(
          quantity, mean.value, rule: rule, interval: (mean.lower, mean.upper),
          people: found.people, note: mean.note ?? "")
      }
      func addTest(_ quantity: String, _ tested: TestedStatistic?) {
        guard let tested else { return }
        add(
          quantity, tested.value, rule: rule, interval: (tested.lower, tested.upper),
          people: found.people)
        if let p = tested.p {
          add(quantity + "-p", p, rule: rule, note: "\(tested.swaps) swaps")
          add(quantity + "-under-swaps", tested.meanUnderSwap, rule: rule)
        }
      }
      add(
        "kde-pairs", Double(found.pairs), rule: rule, people: found.people,
        note: found.omission ?? "")
      addMean("kde-square-real", found.realSquare)
      addMean("kde-square-other", found.otherSquare)
      add("kde-expected-square-other", found.expectedOtherSquare, rule: rule)
      addMean("kde-cosine-real", found.realCosine)
      addMean("kde-cosine-other", found.otherCosine)
      addTest("kde-ks-distance", found.kolmogorovSmirnov)
      addTest("kde-energy-distance", found.energyDistance)
      for name in classifierNames { addTest("kde-auc-\(name)", found.classifiers[name]) }
    }
    if !compared.axes.real.isEmpty {
      add("kde-minor-share", minorShare(compared.axes.residuals), rule: "residuals")
      add("kde-minor-share", minorShare(compared.axes.real), rule: "real")
      add("kde-minor-share", minorShare(compared.axes.synthetic), rule: "synthetic")
    }
    return rows
  }
}
