// The ablation (definitions 6.7): how large a network must be, in one table.
import AttackReports
import Biometrics
import Configurations
import Records
import Results
import Specs

/// Recognition, the strongest attack and costs of every configuration, the smallest network first.
package func ablationTable(_ records: ExperimentRecords) -> ReportDocument {
  let results = records.results
  let places = records.ablatedPlaces
  let part = AblationPart(records: records, places: places)
  return ReportDocument(
    name: "ablation", title: "Ablation: which network is enough",
    reading: places.compactMap(part.sentence) + [
      "Bytes: of a stored reference, 4 for each weight and bias. Configurations that differ in "
        + "training alone have the same.",
      ReadingNotes.repeats(results.repeats), ReadingNotes.paired,
    ],
    tables: [part.table()], tidy: places.flatMap(part.tidyRows), isSynthetic: results.isSynthetic,
    provenance: results.provenance)
}

private struct AblationPart {
  let records: ExperimentRecords
  let places: [AblatedPlace]

  private var layout: CellLayout {
    CellLayout(format: .rate, expectedRepeats: records.results.repeats)
  }
  private var isAttacked: Bool { places.contains { $0.networks.contains { $0.attack != nil } } }
  private var isMeasured: Bool { places.contains { $0.networks.contains { $0.cost != nil } } }
  private var isGuarded: Bool { places.contains { $0.networks.contains { $0.attempts > 1 } } }

  /// What is shown of a network beside its name.
  private typealias Column = (heading: TableColumn, cell: (AblatedNetwork) -> TableCell)

  private func columns(base: String, target: String) -> [Column] {
    var columns: [Column] = [
      (TableColumn("Bytes"), { TableCell("\($0.bytes)") }),
      (TableColumn("Epochs"), { TableCell(CellFormat.tenths.text($0.epochs)) }),
    ]
    if isGuarded {
      columns.append((TableColumn("Attempts"), { TableCell(CellFormat.tenths.text($0.attempts)) }))
    }
    columns += [
      (TableColumn("FNMR at FMR \(target)"), { layout.rate($0.fnmr) }),
      (
        TableColumn("minus \(base)"),
        { network in
          network.system.configuration == places[0].base
            ? TableCell("base") : layout.paired(network.difference)
        }
      ),
    ]
    if isAttacked {
      columns.append((TableColumn("Strongest attack"), attack))
    }
    if isMeasured {
      columns.append(
        (
          TableColumn("Enrolment", unit: "s"),
          { cost($0) { ($0.enrolment.total.mean, 1) } }
        ))
      columns.append(
        (
          TableColumn("Comparison", unit: "µs"),
          {
            cost($0) { cost in
              cost.comparison.first { $0.system == "mote" }.map { ($0.seconds, 1e6) }
            }
          }
        ))
    }
    return columns
  }

  private func attack(_ network: AblatedNetwork) -> TableCell {
    guard let strongest = network.attack else { return TableCell(CellFormat.absent) }
    var cell = AttackCells.cell(
      strongest.attack.twoSidedAUC, spread: strongest.attack.aucSpread, AttackCells.area)
    cell.detail += " \(strongest.attack.attack.rawValue)"
    return cell
  }

  private func cost(
    _ network: AblatedNetwork, _ value: (CostRecord) -> (Double, scale: Double)?
  ) -> TableCell {
    guard let cost = network.cost, let (seconds, scale) = value(cost) else {
      return TableCell(CellFormat.absent)
    }
    return TableCell(significantText(seconds * scale, 3))
  }

  func table() -> Table {
    let base = places.first?.base.preset ?? ""
    let query = places.first?.query
    let target = query?.target.map(CellFormat.target) ?? ""
    let columns = columns(base: base, target: target)
    var caption =
      "Networks by bytes, \(query?.convention ?? "default") convention. \(base) is the base: paired "
      + "differences are from it. " + ReadingNotes.interval([.fnmr])
    if isAttacked {
      caption +=
        " Strongest attack: two-sided AUC of the strongest of A1 to A8 on gender, 0.5 is chance; the "
        + "choice of the strongest is not paid for in its interval."
    }
    if isMeasured {
      caption +=
        " Times: seconds of an enrolment and microseconds of one comparison on one core, measured "
        + "apart from the run."
    }
    return Table(
      name: "ablation", title: "Ablation: which network is enough", caption: caption,
      isSynthetic: records.results.isSynthetic,
      columns: TableColumn.labels("Dataset", "Extractor", "Number", "Configuration", "Network")
        + columns.map(\.heading),
      rows: places.flatMap { place in
        TableRow.block(
          [place.place.dataset, place.place.extractor],
          place.networks.map { network in
            TableRow(
              "\(network.number)",
              [TableCell(network.name), TableCell(network.shape)]
                + columns.map { $0.cell(network) })
          } + [traditional(place, columns.count)].compactMap { $0 })
      })
  }

  /// The traditional system in the columns that it has.
  private func traditional(_ place: AblatedPlace, _ columns: Int) -> TableRow? {
    let system = records.results.at(place.place, place.base.baseline)
    guard !system.records.isEmpty, let inputs = place.networks.first?.dims.first else {
      return nil
    }
    var cells = [TableCell](repeating: TableCell(CellFormat.absent), count: columns)
    let rate = isGuarded ? 3 : 2
    cells[0] = TableCell("\(4 * inputs)")
    cells[rate] = layout.rate(system.summary(place.query))
    cells[rate + 1] = layout.paired(system, place.query, minus: place.base)
    return TableRow("", [TableCell(system.configuration.title), .blank] + cells)
  }

  func sentence(_ place: AblatedPlace) -> String? {
    guard let base = place.baseNetwork, let found = SufficientNetwork(place) else { return nil }
    return (places.count > 1 ? "\(place.place.title): " : "") + found.sentence(base: base)
  }

  func tidyRows(_ place: AblatedPlace) -> [TidyRow] {
    let bounds = SufficientNetwork(place)
    return place.networks.flatMap { network in
      [network.system.tidyRow(place.query), bytes(network)]
        + [difference(network, place, bounds), attack(network, place)].compactMap { $0 }
    }
  }

  /// A line of a network with a value that has no interval of its own.
  private func row(_ network: AblatedNetwork, _ quantity: String, _ value: Double) -> TidyRow {
    let (place, configuration) = (network.system.place, network.system.configuration)
    return TidyRow(
      dataset: place.dataset, extractor: place.extractor, system: configuration.system,
      preset: configuration.preset, balancingFactor: configuration.balancingFactor,
      convention: "", quantity: quantity, value: value,
      isSynthetic: records.results.isSynthetic)
  }

  private func bytes(_ network: AblatedNetwork) -> TidyRow {
    var row = row(network, "reference-bytes", Double(network.bytes))
    row.note = network.shape
    return row
  }

  private func difference(
    _ network: AblatedNetwork, _ place: AblatedPlace, _ bounds: SufficientNetwork?
  ) -> TidyRow? {
    guard let difference = network.difference else { return nil }
    var row = network.system.tidyRow(
      place.query, difference, system: "mote - mote (\(place.base.preset ?? ""))")
    if let bounds, let upper = bounds.upperBounds,
      let i = bounds.candidates.firstIndex(where: { $0.number == network.number })
    {
      let said = "at most \(upper[i]) for all far smaller networks at once"
      row.note = [row.note, said].filter { !$0.isEmpty }.joined(separator: "; ")
    }
    return row
  }

  private func attack(_ network: AblatedNetwork, _ place: AblatedPlace) -> TidyRow? {
    guard let strongest = network.attack else { return nil }
    let area = strongest.attack.twoSidedAUC
    var row = row(network, "strongest-attack-auc", area.value)
    row.rule = "\(strongest.attack.attack.rawValue) \(strongest.attack.name)"
    (row.lower, row.upper) = (area.lower, area.upper)
    row.intervalMethod = strongest.attack.methodText(Estimate.areaMethod)
    row.repeats = strongest.attack.repeats
    row.note = "at least \(strongest.lowerBound), \(strongest.method)"
    return row
  }
}

extension SufficientNetwork {
  /// One sentence, with the numbers that it rests on.
  fileprivate func sentence(base: AblatedNetwork) -> String {
    let format = CellFormat.rate
    let rule =
      "of at most 1/\(Self.ratio) of the bytes of \(base.name) (\(candidates.count) tried)"
    guard let upperBounds else {
      let reason = candidates.lazy.compactMap { $0.difference!.note }.first
      return "Whether a network \(rule) is as good cannot be said: "
        + "\(reason ?? "no paired replicates of all")."
    }
    func numbers(_ i: Int) -> String {
      let (network, difference) = (candidates[i], candidates[i].difference!)
      return "\(network.name) (\(network.bytes) of \(base.bytes) bytes): FNMR "
        + "\(format.signed(difference.value)), at most \(format.signed(upperBounds[i]))"
    }
    let margin = CellFormat.twoDecimals.text(Self.margin)
    let how = " (95 %, one-sided, for all far smaller networks at once)"
    if let i = sufficient {
      return "A network \(rule) is as good within a margin of \(margin): \(numbers(i))\(how)."
    }
    let nearest = upperBounds.indices.min { upperBounds[$0] < upperBounds[$1] }!
    return "No network \(rule) is shown to be as good within a margin of \(margin); nearest is "
      + "\(numbers(nearest))\(how), which is the smallest margin at which one would be."
  }
}
