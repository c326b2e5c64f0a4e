// Table 5 of the paper: what templates cost (definitions 6.5). Timings of one machine, so two runs
// never print the same numbers; they are kept apart from all tables that do.
import Configurations
import Foundation
import Records
import Results
import Specs

/// Table 5 from cost records: storage, enrolment, comparison, identification.
///
/// - Parameter title: of the experiment; empty: not known.
package func table5(
  _ costs: [CostRecord], published: PublishedValues, title: String = ""
) -> ReportDocument {
  let part = Table5Part(costs: costs, published: published)
  let machines = Set(costs.map(\.provenance.machine)).sorted().joined(separator: "; ")
  let load = costs.map(\.loadAverage).max() ?? 0
  return ReportDocument(
    name: "table5", title: "Table 5: storage and time",
    reading: [
      "Measured on one core of \(machines); load average up to "
        + CellFormat.tenths.text(load)
        + " (above the number of cores, wall times are inflated: compare CPU times).",
      "Enrolment: mean ± standard deviation over subjects of the mean of the repeats; a warm-up run "
        + "is discarded.",
      "Storage per identity: bytes of a written file divided by its templates. The paper's 39.2 KB "
        + "for a 512-d vector is unexplained: 2,048 bytes are 512 float32 numbers.",
      "Identification marked * is extrapolated: time and memory in proportion to the number of "
        + "references, from the largest gallery measured. A search reads every reference once, so that "
        + "both are linear where a gallery exceeds the caches; from one that fits in them the time "
        + "extrapolated is too short.",
      "Times of one comparison differ with where the network lies: in the table of comparisons up to 16 "
        + "networks take turns and stay in the caches; in that of the guard all that were enrolled for "
        + "the effect of precision; in identification a gallery.",
    ] + ReadingNotes.published(part.tidyRows(), isSynthetic: part.isSynthetic),
    tables: [
      part.storage(), part.guarded(), part.enrolment(), part.comparison(), part.identification(),
    ],
    tidy: part.tidyRows(), isSynthetic: part.isSynthetic,
    provenance: ProvenanceSummary(of: costs.map(\.provenance), title: title))
}

/// The tables of Table 5.
private struct Table5Part {
  let costs: [CostRecord]
  let published: PublishedValues

  private static let tooFew = "too few comparisons for FMR 1e-3"

  var isSynthetic: Bool { costs.contains(where: \.isSynthetic) }

  private func spread(_ value: Spread, scale: Double = 1) -> TableCell {
    TableCell(
      significantText(value.mean * scale, 3),
      detail: "± " + significantText(value.deviation * scale, 2))
  }

  /// A table with columns Dataset, Extractor, System and the others; the lines of a cost are a
  /// block, and all of them name it.
  private func table(
    _ name: String, _ title: String, caption: String, _ columns: [TableColumn],
    _ lines: (CostRecord) -> [(system: String, cells: [TableCell])]
  ) -> Table {
    Table(
      name: "table5-\(name)", title: "Table 5: \(title)", caption: caption,
      isSynthetic: isSynthetic,
      columns: TableColumn.labels("Dataset", "Extractor", "System") + columns,
      rows: costs.flatMap { cost in
        lines(cost).enumerated().map { i, line in
          let method = line.system == "mote" ? "MOTE (\(cost.key.preset ?? ""))" : "Traditional"
          let labels = [cost.key.dataset, cost.key.extractor, method].map { TableCell($0) }
          return TableRow(labels + line.cells, opensBlock: i == 0)
        }
      })
  }

  private func paper(_ cost: CostRecord, _ system: String, _ quantity: String, any: Bool = false)
    -> PublishedValue?
  {
    published.value(
      table: "table5", dataset: any ? "" : cost.key.dataset, extractor: cost.key.extractor,
      system: system, quantity: quantity)
  }

  private func paperText(_ value: PublishedValue?) -> TableCell {
    TableCell(value.map { "\($0.text) \($0.unit)" } ?? CellFormat.absent)
  }

  func storage() -> Table {
    table(
      "storage", "storage per identity and effect of precision",
      caption:
        "Bytes per identity: the numbers alone, and a written HDF5 file with labels. FNMR at "
        + "FMR 1e-3 of the people enrolled for it (without interval: it serves to compare precisions) "
        + "and the largest change of any score (logit) against float32 come from scoring the file.",
      TableColumn.labels("Precision") + [
        TableColumn("Numbers", unit: "B"), TableColumn("File", unit: "B"), TableColumn("FNMR"),
        TableColumn("Largest change"), TableColumn("Published"),
      ]
    ) { cost in
      cost.storage.map { item in
        let isFull = item.precision == .float32
        let change = isFull ? CellFormat.absent : CellFormat.scientific(item.largestScoreChange)
        return (
          item.system,
          [
            TableCell(item.precision.rawValue), TableCell("\(item.numberBytes)"),
            TableCell("\(Int(item.fileBytes.rounded()))"),
            item.fnmr.map { TableCell(CellFormat.rate.text($0)) }
              ?? TableCell(CellFormat.notAvailable, footnotes: [Self.tooFew]),
            TableCell(change),
            paperText(
              isFull ? paper(cost, item.system, "storage-per-identity", any: true) : nil),
          ]
        )
      }
    }
  }

  func guarded() -> Table {
    table(
      "guard", "decisions by low precision with a guard",
      caption:
        "Decisions at FMR 1e-3 from stored weights; a score nearer to the threshold than it can lie "
        + "from the float32 score is computed again from float32 weights, which are kept beside and "
        + "take their bytes, too. Changed: decisions that differ from those of float32; every enrolled "
        + "network against every probe, its own image included. Microseconds per comparison, one probe "
        + "at a time on one core.",
      TableColumn.labels("Precision") + [
        TableColumn("Comparisons"), TableColumn("Computed again", unit: "%"),
        TableColumn("Changed"), TableColumn("With guard", unit: "µs"),
        TableColumn("Float32", unit: "µs"),
      ]
    ) { cost in
      cost.storage.filter { $0.precision != .float32 }.map { item in
        let found = item.guarded.map { guarded in
          [
            "\(guarded.comparisons)", significantText(guarded.share * 100, 2),
            "\(guarded.changedDecisions)", significantText(guarded.seconds * 1e6, 3),
            significantText(guarded.float32Seconds * 1e6, 3),
          ].map { TableCell($0) }
        }
        let reason = item.fnmr == nil ? Self.tooFew : "measured before there was a guard"
        let absent = TableCell(CellFormat.notAvailable, footnotes: [reason])
        return (
          item.system,
          [TableCell(item.precision.rawValue)] + (found ?? Array(repeating: absent, count: 5))
        )
      }
    }
  }

  func enrolment() -> Table {
    table(
      "enrolment", "enrolment time",
      caption: "Seconds per subject on one core. Extraction is measured with the embeddings, where "
        + "their file tells it; the traditional system's enrolment is extraction alone. The paper's "
        + "values include detection and extraction.",
      ["Cohort rows", "Epochs"].map { TableColumn($0) }
        + ["Extraction", "Sampling", "Training", "Both", "CPU"].map { TableColumn($0, unit: "s") }
        + [TableColumn("Peak memory", unit: "MiB"), TableColumn("Published")]
    ) { cost in
      let enrolment = cost.enrolment
      let missing = TableCell(
        CellFormat.notAvailable,
        footnotes: ["the embedding file has no measured extraction seconds"])
      let extraction = enrolment.extraction.map { spread($0) } ?? missing
      let absent = TableCell(CellFormat.absent)
      return [
        (
          "mote",
          [
            TableCell("\(cost.cohortRows)"),
            TableCell(CellFormat.tenths.text(enrolment.meanEpochs)),
            extraction, spread(enrolment.sampling), spread(enrolment.training),
            spread(enrolment.total), spread(enrolment.cpu), TableCell("\(cost.peakBytes >> 20)"),
            paperSpread(cost, "mote"),
          ]
        ),
        (
          "traditional",
          [absent, absent, extraction] + Array(repeating: absent, count: 5)
            + [paperSpread(cost, "traditional")]
        ),
      ]
    }
  }

  private func paperSpread(_ cost: CostRecord, _ system: String) -> TableCell {
    guard let mean = paper(cost, system, "enrolment-time-mean") else {
      return TableCell(CellFormat.absent)
    }
    let deviation = paper(cost, system, "enrolment-time-sd")
    return TableCell("\(mean.text) s", detail: deviation.map { "± \($0.text)" } ?? "")
  }

  func comparison() -> Table {
    table(
      "comparison", "comparison time",
      caption:
        "Microseconds per comparison on one core, networks in the caches: one probe at a time, and "
        + "all probes of the fold together.",
      [TableColumn("Probes at a time"), TableColumn("Time", unit: "µs")]
    ) { cost in
      cost.comparison.map {
        (
          $0.system,
          [TableCell("\($0.batch)"), TableCell(significantText($0.seconds * 1e6, 3))]
        )
      }
    }
  }

  func identification() -> Table {
    table(
      "identification", "identification",
      caption: "One probe against a gallery on one core; * extrapolated.",
      [
        TableColumn("References"), TableColumn("Latency", unit: "ms"),
        TableColumn("Memory", unit: "MiB"),
      ]
    ) { cost in
      cost.galleries.map { item in
        let figures = [item.seconds * 1e3, Double(item.bytes) / 0x1p20].map {
          TableCell(significantText($0, 3) + (item.isExtrapolated ? "*" : ""))
        }
        return (item.system, [TableCell("\(item.references)")] + figures)
      }
    }
  }

  func tidyRows() -> [TidyRow] {
    costs.flatMap { cost in
      var rows: [TidyRow] = []
      func add(
        _ system: String, _ quantity: String, _ value: Double?, rule: String? = nil,
        target: Double? = nil, spread: Double? = nil, repeats: Int = 1,
        published: PublishedValue? = nil, note: String = ""
      ) {
        rows.append(
          TidyRow(
            dataset: cost.key.dataset, extractor: cost.key.extractor, system: system,
            preset: system == "mote" ? cost.key.preset : nil,
            balancingFactor: system == "mote" ? cost.key.balancingFactor : nil, convention: "",
            quantity: quantity, rule: rule, target: target, value: value, repeats: repeats,
            spread: spread, published: published?.value, isSynthetic: cost.isSynthetic, note: note))
      }
      for item in cost.storage {
        let rule = item.precision.rawValue
        add(item.system, "number-bytes", Double(item.numberBytes), rule: rule)
        add(
          item.system, "file-bytes", item.fileBytes, rule: rule,
          note: item.precision == .float32
            ? paper(cost, item.system, "storage-per-identity", any: true).map {
              "published \($0.text) \($0.unit)"
            } ?? "" : "")
        add(item.system, "fnmr", item.fnmr, rule: rule, target: 1e-3)
        add(item.system, "largest-score-change", item.largestScoreChange, rule: rule)
        guard let guarded = item.guarded else { continue }
        add(
          item.system, "computed-again-share", guarded.share, rule: rule, target: 1e-3,
          note: "of \(guarded.comparisons) comparisons")
        add(
          item.system, "changed-decisions", Double(guarded.changedDecisions), rule: rule,
          target: 1e-3, note: "of \(guarded.comparisons) comparisons")
        add(
          item.system, "comparison-seconds", guarded.seconds, rule: "\(rule) with guard",
          target: 1)
        add(
          item.system, "comparison-seconds", guarded.float32Seconds,
          rule: "float32 beside \(rule) with guard", target: 1)
      }
      let enrolment = cost.enrolment
      for (part, value) in [
        ("sampling", enrolment.sampling), ("training", enrolment.training),
        ("sampling-and-training", enrolment.total), ("cpu", enrolment.cpu),
      ] {
        add(
          "mote", "enrolment-seconds", value.mean, rule: part, spread: value.deviation,
          repeats: enrolment.repeats,
          published: part == "sampling-and-training"
            ? paper(cost, "mote", "enrolment-time-mean") : nil,
          note: part == "cpu" ? "" : "over \(enrolment.subjects) subjects")
      }
      add(
        "traditional", "enrolment-seconds", enrolment.extraction?.mean, rule: "extraction",
        spread: enrolment.extraction?.deviation,
        published: paper(cost, "traditional", "enrolment-time-mean"),
        note: enrolment.extraction == nil ? "no measured extraction seconds in the file" : "")
      for item in cost.comparison {
        add(
          item.system, "comparison-seconds", item.seconds,
          rule: item.batch == 1 ? "single" : "batched", target: Double(item.batch))
      }
      for item in cost.galleries {
        let note = item.isExtrapolated ? "extrapolated in proportion" : ""
        add(
          item.system, "identification-seconds", item.seconds,
          target: Double(item.references), note: note)
        add(
          item.system, "gallery-bytes", Double(item.bytes), target: Double(item.references),
          note: note)
      }
      add("mote", "peak-bytes", Double(cost.peakBytes))
      return rows
    }
  }
}
