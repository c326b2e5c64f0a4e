// Latency and memory over the number of people. Timings of one machine, as those of Table 5.
import Configurations
import Foundation
import Records
import Results
import Specs

/// The output `scale` from cost records: verification, identification, what lies beyond, ways of reading.
///
/// - Parameter title: of the experiment; empty: not known.
package func scaleTable(_ costs: [CostRecord], title: String = "") -> ReportDocument {
  let part = ScalePart(costs: costs.filter { $0.scale != nil })
  return ReportDocument(
    name: "scale", title: "Scale: latency and memory over the number of people",
    reading: part.reading(),
    tables: [
      part.latencies(.verification), part.latencies(.identification), part.beyond(), part.ways(),
    ],
    tidy: part.tidyRows(), isSynthetic: part.isSynthetic,
    provenance: ProvenanceSummary(of: part.costs.map(\.provenance), title: title))
}

/// The tables of scale.
private struct ScalePart {
  let costs: [CostRecord]

  var isSynthetic: Bool { costs.contains(where: \.isSynthetic) }

  func reading() -> [String] {
    let machines = Set(costs.map(\.provenance.machine)).sorted().joined(separator: "; ")
    let load = costs.map(\.loadAverage).max() ?? 0
    let scales = costs.compactMap(\.scale)
    let trained = Set(scales.map { "\($0.trained)" }).sorted().joined(separator: ", ")
    let jitter = Set(scales.map { significantText($0.jitter * 100, 2) }).sorted()
      .joined(separator: ", ")
    let workers = Set(scales.map { "\($0.workers)" }).sorted().joined(separator: ", ")
    let exponent = Set(scales.map { significantText($0.zipfExponent, 2) }).sorted()
      .joined(separator: ", ")
    return [
      "Measured on \(machines); load average up to \(CellFormat.tenths.text(load)). Two runs never "
        + "print the same.",
      "Templates are not of so many people: networks of \(trained) trained ones, every weight changed "
        + "at random by \(jitter) % (standard deviation). Times and bytes are those of real ones, "
        + "error rates would not be.",
      "Verification: the template of one person is found by identifier, read and compared with one "
        + "probe, on one core. Identification: one probe against everybody by \(workers) threads at once.",
      "cold: the pages of the file were dropped from memory before every request (posix_fadvise, "
        + "DONTNEED); start: once, before the first; warm: the same requests were answered just "
        + "before; memory: everybody lies in memory. Caches of the disk, or of the host of a virtual "
        + "machine, are not dropped.",
      "uniform: everybody is asked for alike; zipf: the person of rank k in proportion to 1/k^"
        + "\(exponent), ranks without relation to places in the file.",
      "Measured once, one request after the other: latencies and lines have no intervals. From memory, "
        + "numbers of people are left out whose networks would take more than half of what is free.",
      "Quantiles are nearest ranks: with fewer than 100 requests p99 is the slowest. Peak memory is "
        + "that of the whole process in the series, as far as the system lets it be reset; it holds the "
        + "identifiers of everybody in the file, and pages of its map that were asked for.",
    ] + leftOut()
  }

  private func leftOut() -> [String] {
    costs.flatMap { cost in
      (cost.scale?.files ?? []).filter { !$0.leftOut.isEmpty }.map {
        "Left out in \($0.precision.rawValue): "
          + $0.leftOut.map(String.init).joined(separator: ", ")
          + " people, whose numbers would take more than "
          + "\(significantText(Double(cost.scale!.fileLimit) / 1e9, 3)) GB."
      }
    }
  }

  /// A table with columns Dataset, Extractor and Preset and the others.
  private func table(
    _ name: String, _ title: String, caption: String, _ columns: [TableColumn],
    _ lines: (ScaleCost) -> [[TableCell]]
  ) -> Table {
    Table(
      name: "scale-\(name)", title: "Scale: \(title)", caption: caption, isSynthetic: isSynthetic,
      columns: TableColumn.labels("Dataset", "Extractor", "MOTE") + columns,
      rows: costs.flatMap { cost in
        lines(cost.scale!).enumerated().map { i, cells in
          let labels = [cost.key.dataset, cost.key.extractor, cost.key.preset ?? ""]
          return TableRow(labels.map { TableCell($0) } + cells, opensBlock: i == 0)
        }
      })
  }

  private static func unit(_ task: ScalePoint.Task) -> (name: String, perSecond: Double) {
    task == .verification ? ("µs", 1e6) : ("ms", 1e3)
  }

  func latencies(_ task: ScalePoint.Task) -> Table {
    let unit = Self.unit(task)
    return table(
      task.rawValue, task.rawValue,
      caption: "Latency of single requests and peak memory over the number of people.",
      TableColumn.labels("Precision", "Templates")
        + [TableColumn("People"), TableColumn("Requests")]
        + ["p50", "p95", "p99"].map { TableColumn($0, unit: unit.name) }
        + [TableColumn("Peak memory", unit: "MiB")]
    ) { scale in
      ScaleLine.all(of: scale).filter { $0.task == task }.flatMap { line in
        line.points.map { point in
          [line.precision.rawValue, line.name, "\(point.people)", "\(point.latency.requests)"]
            .map { TableCell($0) }
            + [point.latency.p50, point.latency.p95, point.latency.p99].map {
              TableCell(significantText($0 * unit.perSecond, 3))
            } + [TableCell("\(point.peakBytes >> 20)")]
        }
      }
    }
  }

  func beyond() -> Table {
    table(
      "beyond", "extrapolated to a million people",
      caption: "Median latency = fixed + slope × people, both at least 0, with the least squared "
        + "relative errors; of verification, which reads one template, without slope; not after a start, "
        + "which no line describes. Fit: largest relative error at the measured numbers of people. "
        + "Ahead: error at the largest of what is fitted to the others. The last two columns are extrapolated: "
        + "they suppose that memory, or memory for the file's pages, is as ample as where it was "
        + "measured.",
      TableColumn.labels("Task", "Precision", "Templates") + [
        TableColumn("Up to", unit: "people"), TableColumn("Fixed", unit: "ms"),
        TableColumn("Slope", unit: "µs/person"), TableColumn("Fit", unit: "%"),
        TableColumn("Ahead", unit: "%"), TableColumn("At 1,000,000", unit: "ms"),
        TableColumn("Memory", unit: "GB"),
      ]
    ) { scale in
      ScaleLine.all(of: scale).compactMap { line in
        guard let fit = line.latency else { return nil }
        return [line.task.rawValue, line.precision.rawValue, line.name].map { TableCell($0) } + [
          TableCell("\(line.points.last!.people)"),
          TableCell(significantText(fit.fixed * 1e3, 3)),
          TableCell(significantText(fit.slope * 1e6, 3)),
          fit.largestError.map { TableCell(CellFormat.tenths.text($0 * 100)) }
            ?? TableCell(
              CellFormat.notAvailable,
              footnotes: ["a line through two numbers of people meets both"]),
          fit.leftOutError.map { TableCell(CellFormat.tenths.text($0 * 100)) }
            ?? TableCell(
              CellFormat.notAvailable, footnotes: ["fewer than three numbers of people"]),
          TableCell(significantText(fit.value(at: ScaleLine.million) * 1e3, 3) + "*"),
          line.memory.map {
            TableCell(significantText($0.value(at: ScaleLine.million) / 1e9, 3) + "*")
          } ?? TableCell(CellFormat.absent),
        ]
      }
    }
  }

  func ways() -> Table {
    table(
      "files", "stored files and ways of reading them",
      caption:
        "Median of reading and comparing one template of the whole file: by the HDF5 library in "
        + "its process, by stride (pread) and by a map of the file; * verification is measured "
        + "with it, identification reads blocks by stride. Writing includes making the jittered networks; opening checks the digest.",
      TableColumn.labels("Precision", "Read by") + [
        TableColumn("Cold", unit: "µs"), TableColumn("Warm", unit: "µs"), TableColumn("People"),
        TableColumn("File", unit: "GB"), TableColumn("Written", unit: "s"),
        TableColumn("Opened", unit: "s"), TableColumn("Still in memory", unit: "%"),
      ]
    ) { scale in
      scale.files.flatMap { file in
        file.ways.map { way in
          [
            TableCell(file.precision.rawValue), TableCell(way.name + (way.isUsed ? "*" : "")),
            TableCell(significantText(way.cold.p50 * 1e6, 3)),
            TableCell(significantText(way.warm.p50 * 1e6, 3)), TableCell("\(file.people)"),
            TableCell(significantText(Double(file.bytes) / 1e9, 3)),
            TableCell(significantText(file.writeSeconds, 3)),
            TableCell(significantText(file.openSeconds, 3)),
            file.residentShare.map { TableCell(CellFormat.tenths.text($0 * 100)) }
              ?? TableCell(CellFormat.notAvailable, footnotes: ["the system does not tell"]),
          ]
        }
      }
    }
  }

  func tidyRows() -> [TidyRow] {
    costs.flatMap { cost in
      var rows: [TidyRow] = []
      func add(
        _ quantity: String, _ value: Double, rule: String, people: Int, requests: Int = 1,
        note: String = ""
      ) {
        rows.append(
          TidyRow(
            dataset: cost.key.dataset, extractor: cost.key.extractor, system: "mote",
            preset: cost.key.preset, balancingFactor: cost.key.balancingFactor, convention: "",
            quantity: quantity, rule: rule, target: Double(people), value: value,
            repeats: requests, isSynthetic: cost.isSynthetic, note: note))
      }
      for line in ScaleLine.all(of: cost.scale!) {
        let rule = "\(line.precision.rawValue) \(line.name)"
        let seconds = "\(line.task.rawValue)-seconds"
        let bytes = "\(line.task.rawValue)-peak-bytes"
        for point in line.points {
          for (name, value) in [
            ("p50", point.latency.p50), ("p95", point.latency.p95), ("p99", point.latency.p99),
          ] {
            add(
              seconds, value, rule: "\(rule) \(name)", people: point.people,
              requests: point.latency.requests)
          }
          add(bytes, Double(point.peakBytes), rule: rule, people: point.people)
        }
        guard let fit = line.latency else { continue }
        let ahead = fit.leftOutError.map { "; error ahead \($0)" } ?? ""
        let note =
          "extrapolated: \(fit.fixed) s + \(fit.slope) s x people, largest error of the fit "
          + "\(fit.largestError.map { "\($0)" } ?? "n/a")\(ahead)"
        add(
          seconds, fit.value(at: ScaleLine.million), rule: "\(rule) p50",
          people: ScaleLine.million, note: note)
        if let memory = line.memory {
          add(
            bytes, memory.value(at: ScaleLine.million), rule: rule, people: ScaleLine.million,
            note: "extrapolated: \(memory.fixed) B + \(memory.slope) B x people")
        }
      }
      for file in cost.scale!.files {
        let precision = file.precision.rawValue
        add("file-bytes", Double(file.bytes), rule: precision, people: file.people)
        add("file-write-seconds", file.writeSeconds, rule: precision, people: file.people)
        add("file-open-seconds", file.openSeconds, rule: precision, people: file.people)
        for way in file.ways {
          for (name, value) in [("cold", way.cold), ("warm", way.warm)] {
            add(
              "reading-seconds", value.p50, rule: "\(precision) \(way.name) \(name) p50",
              people: file.people, requests: value.requests,
              note: way.isUsed ? "used for verification" : "")
          }
        }
      }
      return rows
    }
  }
}
